import { causeOf } from '../../../diagnosis/finding.ts';
import { costOf, type ProofRecord, type RunRecord } from '../../../result.ts';
import { changesOf, conclusion, notTried, proofLines, winnerOf } from '../../table/proof.ts';
import { time, whole } from '../../text.ts';
import { type Markup, markup, NOTHING, prose } from '../markup.ts';
import { badge, list, NONE, type Place, section, SENTENCES, sentencesOf, table, yesNo } from '../parts.ts';

type Row = Pick<ProofRecord, 'verdict' | 'heldAgainst' | 'sigkillFired' | 'exitCode' | 'exitedAtMs' | 'cause'>;

/** The remedies that were tried, side by side with the run as it was, and the lines to write. */
export function proofSection(run: RunRecord, place: Place): Markup {
  if (run.proofs.length === 0) {
    const lines = proofLines(run, SENTENCES);
    return lines.length === 0 ? NOTHING : section(place, 'proof', 'Proof', sentencesOf(lines));
  }
  const tried = run.proofs.filter(({ verdict }) => verdict !== null);
  const winner = winnerOf(run);
  return section(
    place,
    'proof',
    'Proof',
    markup`<p class="note">The same again, a run for each column.</p>`,
    proofTable(run, tried),
    list(run.proofs.filter(({ verdict }) => verdict === null).map((proof) => prose(notTried(proof)))),
    markup`${conclusion(winner, tried).map((sentence) => markup`<p>${sentence}</p>`)}`,
    winner === null ? NOTHING : linesPart(winner),
  );
}

/** A column for each run, so that they stand side by side. */
function proofTable(run: RunRecord, tried: readonly ProofRecord[]): Markup {
  const asItIs: Row = {
    ...run.termination,
    verdict: run.verdict,
    heldAgainst: costOf(run),
    cause: causeOf(run)?.code ?? null,
  };
  const columns: readonly Row[] = [asItIs, ...tried];
  const row = (label: string, of: (column: Row) => string | Markup): readonly (string | Markup)[] => [
    label,
    ...columns.map(of),
  ];
  return table(
    'What each change comes to',
    ['', 'as it is', ...tried.map((proof) => changesOf(proof).join(' + '))],
    [
      row('verdict', ({ verdict }) => (verdict === null ? NONE : badge(verdict))),
      row('lost', ({ heldAgainst }) => (heldAgainst === null ? NONE : whole(heldAgainst))),
      row('SIGKILL', ({ sigkillFired }) => yesNo(sigkillFired)),
      row('exit code', ({ exitCode }) => String(exitCode ?? '?')),
      row('took', ({ exitedAtMs }) => (exitedAtMs === null ? NONE : time(exitedAtMs))),
      row('cause', ({ cause }) => cause ?? NONE),
    ],
  );
}

function linesPart({ lines }: ProofRecord): Markup {
  return table(
    'Lines to write',
    ['where', 'what'],
    lines.map(({ where, text }) => [where, markup`<code>${text}</code>`]),
  );
}
