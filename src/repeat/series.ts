import { causeOf, type FindingCode } from '../diagnosis/finding.ts';
import { percentile } from '../load/percentile.ts';
import { costOf, nameOf, type RunRecord, type Verdict } from '../result.ts';
import type { Series, Spread } from './record.ts';

/** From the worst verdict to the best. */
const WORST_FIRST: readonly Verdict[] = ['fail', 'inconclusive', 'pass'];

/**
 * What the runs of one plan come to. Pure.
 *
 * @param runs at least one
 */
export function seriesOf(runs: readonly RunRecord[]): Series {
  const having = (has: (run: RunRecord) => boolean): number => runs.filter(has).length;
  const lost = spreadOf(runs.map(costOf));
  const whole = runs.filter(isWhole);
  return {
    name: nameOf(worstOf(runs)),
    runs: runs.length,
    verdict: worstOf(runs).verdict,
    failed: having(({ verdict }) => verdict === 'fail'),
    inconclusive: having(({ verdict }) => verdict === 'inconclusive'),
    losing: having((run) => costOf(run) > 0),
    killed: having(({ termination }) => termination.sigkillFired === true),
    lost: lost ?? { min: 0, median: 0, max: 0 },
    timed: whole.length,
    drainMs: spreadOf(whole.map(({ termination }) => termination.drainMs)),
    exitedAtMs: spreadOf(whole.map(({ termination }) => termination.exitedAtMs)),
    longestAnswerMs: spreadOf(runs.map(({ requests }) => requests.latencyMs.before.max))?.max ?? null,
    causes: byFrequency(runs.map((run) => causeOf(run)?.code ?? null)),
    exitCodes: [...new Set(present(runs.map(({ termination }) => termination.exitCode)))].sort((a, b) => a - b),
  };
}

/** Whether the stop took its own time: what was cut short, by a SIGKILL or by an end too soon, says nothing of that. */
function isWhole(run: RunRecord): boolean {
  return run.termination.sigkillFired !== true && causeOf(run) === null;
}

/** The run that tells most of what is wrong: one that fails before one that could not tell, and of those the costliest. */
export function worstOf(runs: readonly RunRecord[]): RunRecord {
  const worst = runs.toSorted(
    (a, b) =>
      WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict) ||
      costOf(b) - costOf(a) ||
      Number(b.termination.sigkillFired) - Number(a.termination.sigkillFired) ||
      (b.termination.exitedAtMs ?? 0) - (a.termination.exitedAtMs ?? 0),
  )[0];
  if (worst === undefined) throw new RangeError('the worst of no runs');
  return worst;
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const measured = present(values);
  if (measured.length === 0) return null;
  const at = (share: number): number => percentile(measured, share);
  return { min: at(0), median: at(0.5), max: at(1) };
}

function byFrequency(codes: readonly (FindingCode | null)[]): readonly FindingCode[] {
  const counts = new Map<FindingCode, number>();
  for (const code of present(codes)) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([code]) => code);
}

function present<Value>(values: readonly (Value | null)[]): readonly Value[] {
  return values.filter((value) => value !== null);
}
