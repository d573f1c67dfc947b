import { causeOf } from '../diagnosis/finding.ts';
import type { RunRecord } from '../result.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import type { Change } from './change.ts';
import type { Trial } from './trial.ts';

/** Changes that took the cause away and uncovered another, and what to try on top of them. */
export interface Step {
  readonly changes: readonly Change[];
  readonly run: RunRecord;
  readonly candidates: readonly Candidate[];
}

/** Where to go on from, after trials of which each changed one thing about `before`; null where one passed, or none helps on. */
export function nextStep(before: RunRecord, trials: readonly Trial[]): Step | null {
  if (trials.some(({ run }) => run?.verdict === 'pass')) return null;
  return trials.map((trial) => stepOf(trial, before)).find((step) => step !== null) ?? null;
}

function stepOf({ changes, run }: Trial, before: RunRecord): Step | null {
  if (run?.verdict !== 'fail' || !reachesTheApp(changes.at(-1))) return null;
  // Without a cause of its own it may still be refused while traffic is routed to it.
  if (causeOf(run)?.code === causeOf(before)?.code) return null;
  const made = new Set(changes.map(({ remedy }) => remedy));
  const candidates = candidatesFor(run).filter(({ remedy }) => remedy !== 'init' && !made.has(remedy));
  return candidates.some(({ kind }) => kind === 'try') ? { changes, run, candidates } : null;
}

/** An init or a longer grace period that does not pass takes no cause away: it only changes how it shows. */
function reachesTheApp(change: Change | undefined): boolean {
  return change?.remedy === 'exec-form' || change?.remedy === 'stop-signal';
}
