import { causeOf } from '../../diagnosis/finding.ts';
import { candidatesFor } from '../../proof/candidates.ts';
import { targetNoun } from '../../plan/terms.ts';
import { costOf, type ProofRecord, type Result, type RunRecord } from '../../result.ts';
import { heading, type Look } from '../look.ts';
import { plainTable } from './tables.ts';
import { breakCode, cut, harmless, paragraph, shellWord, time, whole, wrap } from '../text.ts';
import { paintVerdict } from './verdict-line.ts';

/** Columns of a row. */
type Row = Pick<ProofRecord, 'verdict' | 'heldAgainst' | 'sigkillFired' | 'exitCode' | 'exitedAtMs' | 'cause'>;

/** What the runs of a proof have in common: of a command its program, for the way to start it may be what differs. */
const RUN_AGAIN = { container: 'the same image', command: 'the same program' } as const;

/** Columns for the code of a cause, and for all that stands beside the change: a row fits where its numbers are below 100,000. */
const CAUSE_WIDTH = 13;
const BESIDE_WIDTH = 53;

/** What mended it: the first that passed, in the order of what is advised first; null where nothing did. */
export function winnerOf({ proofs }: RunRecord): ProofRecord | null {
  return proofs.find(({ verdict }) => verdict === 'pass') ?? null;
}

/** The lines to write by that; empty where nothing was proven. */
export function provenLines(run: RunRecord): ProofRecord['lines'] {
  return winnerOf(run)?.lines ?? [];
}

/** The advice that a proof gives; null where there is none that passed. */
export function provenRemedy(run: RunRecord): string | null {
  const winner = winnerOf(run);
  if (winner === null) return null;
  const words = changesOf(winner).map((change) => `\`${change}\``);
  const exit = `exit code ${winner.exitCode ?? 'unknown'}${winner.exitedAtMs === null ? '' : ` after ${time(winner.exitedAtMs)}`}`;
  return `With ${words.join(' and ')} ${RUN_AGAIN[targetNoun(run.plan.resolved)]} passed a run of its own: ${exit}. The lines to write stand under Proof.`;
}

/** The remedies that were tried, side by side with the run as it was, and the lines to write. */
export function proofLines(run: RunRecord, look: Look): readonly string[] {
  if (run.proofs.length === 0) return nothingTried(run, look);
  const tried = run.proofs.filter(({ verdict }) => verdict !== null);
  const skipped = run.proofs.filter(({ verdict }) => verdict === null);
  const winner = winnerOf(run);
  return [
    `${heading(look, 'Proof')}  ${RUN_AGAIN[targetNoun(run.plan.resolved)]} again, a run for each row`,
    table(run, tried, look),
    ...skipped.map((proof) => paragraph(notTried(proof), look.width, '  ')),
    ...paragraphs(conclusion(winner, tried), look),
    ...(winner === null ? [] : linesToWrite(winner)),
  ];
}

function table(run: RunRecord, tried: readonly ProofRecord[], look: Look): string {
  const { termination, verdict } = run;
  const asItIs: Row = { ...termination, verdict, heldAgainst: costOf(run), cause: causeOf(run)?.code ?? null };
  return plainTable(
    ['change', 'verdict', 'cause', 'lost', 'SIG\nKILL', 'exit\ncode', 'took'],
    [row('none', asItIs, look), ...tried.map((proof) => row(changesOf(proof).join('\n+ '), proof, look))],
    ['left', 'left', 'left', 'right', 'left', 'right', 'right'],
    look,
  );
}

function row(change: string, { verdict, cause, heldAgainst, ...ending }: Row, look: Look): readonly string[] {
  const none = look.unicode ? '·' : '-';
  const width = look.width - BESIDE_WIDTH;
  const lines = change.split('\n').flatMap((line) => wrap(harmless(line), width));
  return [
    lines.map((line) => cut(line, width)).join('\n'),
    verdict === null ? none : paintVerdict(look, verdict, verdict === 'inconclusive' ? 'unclear' : verdict),
    cause === null ? none : breakCode(cause, CAUSE_WIDTH),
    heldAgainst === null ? none : whole(heldAgainst),
    ending.sigkillFired === null ? '?' : ending.sigkillFired ? 'yes' : 'no',
    String(ending.exitCode ?? '?'),
    ending.exitedAtMs === null ? none : time(ending.exitedAtMs),
  ];
}

/** What was left out, and why. */
export function notTried(proof: ProofRecord): string {
  return `Not tried: ${changesOf(proof).join(' + ')}: ${proof.skippedBecause ?? 'nobody said why'}.`;
}

/** What the runs of the proof come to. */
export function conclusion(winner: ProofRecord | null, tried: readonly ProofRecord[]): readonly string[] {
  if (winner === null) return tried.length === 0 ? [] : ['None of these mends it.'];
  const together = winner.after.length === 0 ? [] : ['No change alone mends it; these do together.'];
  const needs = winner.exitedAtMs !== null && winner.remedy === 'grace';
  return [
    ...together,
    ...(needs ? [`It needed ${time(winner.exitedAtMs)} in this run; the grace period below leaves head room.`] : []),
  ];
}

function linesToWrite({ lines }: ProofRecord): readonly string[] {
  const width = Math.max(...lines.map(({ where }) => where.length));
  return ['  Write', ...lines.map(({ where, text }) => `    ${where.padEnd(width)}  ${harmless(text)}`)];
}

/** What `--prove` came to where it tried nothing; nothing at all where it was not given. */
function nothingTried(run: RunRecord, look: Look): readonly string[] {
  if (!run.plan.resolved.prove) return [];
  const why = {
    pass: 'Nothing to prove: the run passed.',
    inconclusive: 'Nothing to prove: the run did not tell whether it fails.',
    fail: 'Nothing to try: no other way to start or to stop it is known to help here.',
  };
  return [heading(look, 'Proof'), paragraph(why[run.verdict], look.width, '  ')];
}

function paragraphs(sentences: readonly string[], look: Look): readonly string[] {
  return sentences.length === 0 ? [] : [paragraph(sentences.join(' '), look.width, '  ')];
}

/** All that was changed for a run of the proof, in order. */
export function changesOf({ after, change }: ProofRecord): readonly string[] {
  return [...after, change];
}

/** A line that offers to try remedies, for somebody who can type it; empty where that would try nothing. */
export function proofOffer({ runs }: Result, look: Look): string {
  const [run] = runs;
  if (!run || runs.length > 1 || run.verdict !== 'fail' || run.plan.resolved.prove) return '';
  if (!candidatesFor(run).some(({ kind }) => kind === 'try')) return '';
  const others = look.unicode ? '…' : '...';
  return `\nTo try remedies: shutdown-check ${proving(run, others)}\n`;
}

/** Of a command the reference is what was typed, with all its words; of a container that ran before its image is run. */
function proving({ plan: { resolved }, target: { reference }, observation }: RunRecord, others: string): string {
  return targetNoun(resolved) === 'command'
    ? `exec ${others} --prove -- ${harmless(reference)}`
    : `run ${shellWord(observation.target.attached?.image ?? reference)} ${others} --prove`;
}
