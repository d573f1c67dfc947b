import { availableParallelism } from 'node:os';

import pLimit from 'p-limit';

import { causeOf } from '../diagnosis/finding.ts';
import { CannotRunError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProofRecord, RunRecord } from '../result.ts';
import type { RunHooks } from '../run.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { applyChange, type Change } from './change.ts';
import { recordBroken, recordProof, recordSkipped, wordsOf } from './record.ts';

/** Runs a plan on the engine that the first run was on. */
export type RunChanged = (plan: Plan, hooks: RunHooks) => Promise<RunRecord>;

/** What came of a change, made on top of those before it in `changes`. `run` is null where it was not, or could not be, run. */
interface Tried {
  readonly changes: readonly Change[];
  readonly run: RunRecord | null;
  readonly record: ProofRecord;
}

/** Everything that the trials of one failing run share. */
interface Trials {
  readonly first: RunRecord;
  readonly plan: Plan;
  readonly hooks: RunHooks;
  readonly runChanged: RunChanged;
  readonly limit: <T>(task: () => Promise<T>) => Promise<T>;
}

/**
 * Tries what could mend a failing run: each change alone, by a whole run of the same image, side by side. Where none
 * passes, but one takes the cause away and uncovers another, goes on from there.
 *
 * @param plan as the first run had it
 * @throws the abort's own reason, once every run that was under way has cleaned up.
 */
export async function prove(
  first: RunRecord,
  plan: Plan,
  hooks: RunHooks,
  runChanged: RunChanged,
): Promise<readonly ProofRecord[]> {
  if (!plan.prove || first.verdict !== 'fail') return [];
  const failed = new AbortController();
  const signal = hooks.signal ? AbortSignal.any([hooks.signal, failed.signal]) : failed.signal;
  const limit = pLimit(availableParallelism());
  const trials: Trials = { first, plan, hooks: { ...hooks, signal }, runChanged, limit };
  const all: Tried[] = [];
  let round = await tryAll(trials, candidatesFor(first), [], failed);
  all.push(...round);
  for (let base = stepForward(first, round); base !== null;) {
    round = await tryAll(trials, nextCandidates(base), base.changes, failed);
    all.push(...round);
    base = stepForward(base.run, round);
  }
  return all.map(({ record }) => record);
}

/** A change after which the run failed for another reason, one that can be tried on in its turn. */
interface Base extends Tried {
  readonly run: RunRecord;
}

/**
 * Where to go on from: none where something passed. An init or a longer grace period is no such step: neither takes a
 * cause away without passing, they only change how it shows.
 */
function stepForward(before: RunRecord, round: readonly Tried[]): Base | null {
  if (round.some(({ run }) => run?.verdict === 'pass')) return null;
  return round.filter((tried): tried is Base => isStep(tried, before))[0] ?? null;
}

function isStep({ changes, run, ...rest }: Tried, before: RunRecord): boolean {
  const remedy = changes.at(-1)?.remedy;
  if (run?.verdict !== 'fail' || (remedy !== 'exec-form' && remedy !== 'stop-signal')) return false;
  const isAnother = causeOf(run) !== null && causeOf(run)?.code !== causeOf(before)?.code;
  return isAnother && nextCandidates({ changes, run, ...rest }).some(({ kind }) => kind === 'try');
}

function nextCandidates({ changes, run }: Base): readonly Candidate[] {
  const made = new Set(changes.map(({ remedy }) => remedy));
  return candidatesFor(run).filter(({ remedy }) => remedy !== 'init' && !made.has(remedy));
}

/** Tries candidates side by side. Where one breaks for our own reasons the others are stopped first. */
async function tryAll(
  trials: Trials,
  candidates: readonly Candidate[],
  base: readonly Change[],
  failed: AbortController,
): Promise<readonly Tried[]> {
  const trying = candidates.map((candidate) =>
    tryCandidate(trials, candidate, base).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const settled = await Promise.allSettled(trying);
  trials.hooks.signal?.throwIfAborted();
  return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function tryCandidate(trials: Trials, candidate: Candidate, base: readonly Change[]): Promise<readonly Tried[]> {
  if (candidate.kind === 'skip') return [{ changes: base, run: null, record: recordSkipped(candidate, base) }];
  const tried: Tried[] = [];
  for (const change of candidate.ladder) {
    const one = await trials.limit(() => tryChanges(trials, [...base, change]));
    tried.push(one);
    // More time helps only what ran out of it.
    if (one.run?.verdict === 'pass' || one.run?.termination.sigkillFired !== true) break;
  }
  return tried;
}

async function tryChanges({ first, plan, hooks, runChanged }: Trials, changes: readonly Change[]): Promise<Tried> {
  const words = wordsOf(changes);
  const tell = (text: string): void => hooks.onProgress?.({ kind: 'stage', stage: 'prove', text: `${words}: ${text}` });
  const onProgress: RunHooks['onProgress'] = (progress) => {
    if (progress.kind === 'detail') hooks.onProgress?.({ kind: 'detail', text: `${words}: ${progress.text}` });
    if (progress.kind === 'stage' && progress.stage !== 'image' && progress.stage !== 'done') tell(progress.text);
  };
  try {
    const run = await runChanged(changedPlan(first, plan, changes), { ...hooks, onProgress });
    tell(run.verdict);
    return { changes, run, record: recordProof(changes, run) };
  } catch (error) {
    if (hooks.signal?.aborted === true || !(error instanceof CannotRunError)) throw error;
    tell('could not be run');
    return { changes, run: null, record: recordBroken(changes, error) };
  }
}

/** The very image of the first run, not one that is built or pulled again. */
function changedPlan({ target }: RunRecord, plan: Plan, changes: readonly Change[]): Plan {
  const { platform } = plan.image;
  return changes.reduce(applyChange, {
    ...plan,
    image: { kind: 'image', reference: target.imageId, platform, pull: 'never' },
  });
}
