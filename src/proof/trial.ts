import type { LimitFunction } from 'p-limit';

import { causeOf } from '../diagnosis/finding.ts';
import { CannotRunError } from '../errors.ts';
import type { Plan, SourceKind } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import { costOf, type ProofRecord, type RunRecord } from '../result.ts';
import type { RunHooks } from '../run.ts';
import { listenerClosedAtMs } from '../termination/listener-close.ts';
import type { Candidate } from './candidates.ts';
import { applyChange, type Change } from './change.ts';
import type { Step } from './next-step.ts';
import { recordBroken, recordInterrupted, recordProof, recordSkipped, wordsOf } from './record.ts';

/** Runs a plan on the engine that the first run was on. */
export type RunChanged = (plan: Plan, hooks: RunHooks) => Promise<RunRecord>;

/** What every trial of a failing run starts from. */
export interface Bench {
  /** As the first run had it, but of the very image that it had. */
  readonly plan: Plan;
  /** What the first run was of: an image that was built has a Dockerfile, which can be changed. */
  readonly of: SourceKind;
  readonly onProgress: OnProgress;
  /** The user's abort, which ends the proofs, and what is known by then counts. */
  readonly interruption: AbortSignal | null;
  /** That, or a fault of our own in another trial. */
  readonly signal: AbortSignal;
  readonly runChanged: RunChanged;
  /** How many run at once. */
  readonly limit: LimitFunction;
}

/** What came of a change. */
export interface Trial {
  /** The last is the one on trial, made on top of those before it. */
  readonly changes: readonly Change[];
  /** null where it was not, or could not be, run. */
  readonly run: RunRecord | null;
  readonly record: ProofRecord;
}

/** Tries a candidate on top of a step's changes: its own one after the other, until one passes or more cannot help. */
export async function tryCandidate(
  bench: Bench,
  candidate: Candidate,
  { changes: base, run }: Pick<Step, 'changes' | 'run'>,
): Promise<readonly Trial[]> {
  if (candidate.kind === 'skip')
    return [{ changes: base, run: null, record: recordSkipped(candidate, base, bench.of) }];
  const trials: Trial[] = [];
  let before = run;
  for (const change of candidate.ladder) {
    const trial = await bench.limit(() => tryChanges(bench, [...base, change]));
    trials.push(trial);
    if (trial.run === null || !mayNeedMore(trial.run, before)) break;
    before = trial.run;
  }
  return trials;
}

/** More time helps only what ran out of it, and not what shows no sign of having begun to stop. */
function mayNeedMore(run: RunRecord, before: RunRecord): boolean {
  if (run.verdict === 'pass' || run.termination.sigkillFired !== true) return false;
  const servesOn = listenerClosedAtMs(run.termination) === null && run.requests.byPhase.after.completed > 0;
  return causeOf(run)?.code !== 'CAUSE_UNCLEAR' || !servesOn || costOf(run) < costOf(before);
}

async function tryChanges(bench: Bench, changes: readonly Change[]): Promise<Trial> {
  if (bench.interruption?.aborted) return { changes, run: null, record: recordInterrupted(changes, bench.of) };
  bench.signal.throwIfAborted();
  const words = wordsOf(changes, bench.of);
  const tell = (text: string): void => bench.onProgress({ kind: 'stage', stage: 'prove', text: `${words}: ${text}` });
  const onProgress: OnProgress = (progress) => {
    if (progress.kind === 'detail') bench.onProgress({ kind: 'detail', text: `${words}: ${progress.text}` });
    if (progress.kind === 'stage' && progress.stage !== 'image' && progress.stage !== 'done') tell(progress.text);
  };
  try {
    const run = await bench.runChanged(changes.reduce(applyChange, bench.plan), { signal: bench.signal, onProgress });
    tell(run.verdict);
    return { changes, run, record: recordProof(changes, run, bench.of) };
  } catch (error) {
    if (bench.interruption?.aborted) return { changes, run: null, record: recordInterrupted(changes, bench.of) };
    if (bench.signal.aborted || !(error instanceof CannotRunError)) throw error;
    tell('could not be run');
    return { changes, run: null, record: recordBroken(changes, error, bench.of) };
  }
}
