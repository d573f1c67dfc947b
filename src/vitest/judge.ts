import { hasRegressed } from '../baseline/record.ts';
import { plural } from '../report/text.ts';
import { doubtAmong } from '../report/totals.ts';
import { costOf, recordsOf, type Result, type RunRecord } from '../result.ts';
import type { RolloutRecord } from '../rollout/record.ts';

/** What is said of a check, with a sentence for the one who expected otherwise. */
export interface Judgement {
  /** `unclear`: the run could not tell, and so neither the expectation nor its opposite holds. */
  readonly holds: 'yes' | 'no' | 'unclear';
  readonly sentence: string;
}

/** What was judged: a run, or a roll-out. */
type Judged = RunRecord | RolloutRecord;

/** Whether it passes: nothing lost, no SIGKILL, an exit code that is accepted, and nothing worse than in a baseline. */
export function judgeGraceful(result: Result): Judgement {
  if (result.baseline !== undefined && hasRegressed(result.baseline))
    return { holds: 'no', sentence: 'Expected it to be no worse than the baseline, and it is.' };
  if (result.verdict === 'pass') return yes('Expected it not to shut down gracefully, and it does.');
  if (result.verdict === 'inconclusive') return unclear('Could not tell whether it shuts down gracefully', result);
  return { holds: 'no', sentence: 'Expected it to shut down gracefully, and it does not.' };
}

/** Whether nothing that it had taken was lost, however it ended. */
export function judgeLossless(result: Result): Judgement {
  const lost = recordsOf(result).flatMap(lossesOf);
  if (lost.length > 0) return { holds: 'no', sentence: `Expected it to lose nothing, and it lost ${lost.join(', ')}.` };
  const isDoubted = recordsOf(result).some((record) => doubtAmong(record.findings) !== null);
  if (isDoubted || result.verdict === 'inconclusive')
    return unclear('Could not tell whether it loses anything', result);
  return yes('Expected it to lose something, and it lost nothing.');
}

/** Whether it ended with this exit code, whatever it lost. */
export function judgeExit(result: Result, expected: number): Judgement {
  const codes = recordsOf(result).flatMap(exitCodesOf);
  const others = codes.filter((code) => code !== expected);
  if (codes.length > 0 && others.length === 0) return yes(`Expected another exit code than ${expected}.`);
  if (codes.length === 0 || others.every((code) => code === null))
    return unclear(`Could not tell whether it exits with code ${expected}`, result);
  const seen = [...new Set(others)].map((code) => code ?? 'unknown').join(', ');
  return { holds: 'no', sentence: `Expected exit code ${expected}, and it was ${seen}.` };
}

function yes(sentence: string): Judgement {
  return { holds: 'yes', sentence };
}

function unclear(what: string, result: Result): Judgement {
  const reasons = recordsOf(result).flatMap(({ findings }) => doubtAmong(findings)?.message ?? []);
  return { holds: 'unclear', sentence: [`${what}.`, ...new Set(reasons)].join(' ') };
}

/** What a run lost, in words; beside the requests of the load there are those that were parked, and connections held. */
function lossesOf(record: Judged): readonly string[] {
  const count = (code: string): number => record.findings.filter((finding) => finding.code === code).length;
  const isRun = 'termination' in record;
  const requests = isRun ? record.requests.heldAgainst : record.requests.failures.length;
  const jobs = isRun ? costOf(record) - requests : 0;
  return [
    ...(requests > 0 ? [plural(requests, 'request')] : []),
    ...(jobs > 0 ? [plural(jobs, 'job')] : []),
    ...(count('PARKED_LOST') > 0 ? ['parked requests'] : []),
    ...(count('HELD_CUT') > 0 ? ['held connections'] : []),
  ];
}

function exitCodesOf(record: Judged): readonly (number | null)[] {
  return 'termination' in record ? [record.termination.exitCode] : record.replacements.map(({ exitCode }) => exitCode);
}
