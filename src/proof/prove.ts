import { availableParallelism } from 'node:os';

import pLimit from 'p-limit';

import type { Plan } from '../plan/plan.ts';
import type { ProofRecord, RunRecord } from '../result.ts';
import type { RunHooks } from '../run.ts';
import { candidatesFor } from './candidates.ts';
import { nextStep, type Step } from './next-step.ts';
import { type Bench, type RunChanged, type Trial, tryCandidate } from './trial.ts';

/**
 * Tries what could mend a failing run: each change alone, by a whole run of the same image or command, side by side. Where none
 * passes, but one takes the cause away and uncovers another, goes on from there. Nothing where it was not asked for.
 *
 * @param plan as the first run had it
 * An abort ends the proofs once every run that was under way has cleaned up; what it cut short is told as not tried.
 */
export async function prove(
  first: RunRecord,
  plan: Plan,
  { onProgress = () => {}, signal }: RunHooks,
  runChanged: RunChanged,
): Promise<readonly ProofRecord[]> {
  if (!plan.prove || first.verdict !== 'fail') return [];
  const broken = new AbortController();
  const bench: Bench = {
    plan: { ...plan, image: builtImage(first, plan) },
    of: plan.image.kind,
    onProgress,
    interruption: signal ?? null,
    signal: signal ? AbortSignal.any([signal, broken.signal]) : broken.signal,
    runChanged,
    limit: pLimit(mayShare(plan) ? availableParallelism() : 1),
  };
  return await tryRounds(bench, { changes: [], run: first, candidates: candidatesFor(first) }, broken);
}

/** The very image of a run, not one that is built or pulled again. */
export function builtImage({ target }: RunRecord, { image }: Plan): Plan['image'] {
  if (image.kind === 'command' || image.kind === 'container' || target.imageId === null) return image;
  return { kind: 'image', reference: target.imageId, platform: image.platform, pull: 'never' };
}

/** Whether two targets of the plan can run at once: not on one port of the host, nor upon the same volumes. */
function mayShare({ container, companions }: Plan): boolean {
  return [container, ...companions.map((one) => one.container)].every(
    ({ network, volumes }) => volumes.length === 0 && network !== 'host' && !network?.startsWith('container:'),
  );
}

async function tryRounds(bench: Bench, step: Step, broken: AbortController): Promise<readonly ProofRecord[]> {
  const trials = await tryAll(bench, step, broken);
  const records = trials.map(({ record }) => record);
  const next = bench.interruption?.aborted ? null : nextStep(step.run, trials);
  return next === null ? records : [...records, ...(await tryRounds(bench, next, broken))];
}

/** Tries the candidates of a step side by side. Where one breaks for our own reasons the others are stopped first. */
async function tryAll(bench: Bench, step: Step, broken: AbortController): Promise<readonly Trial[]> {
  const settled = await Promise.allSettled(
    step.candidates.map((candidate) =>
      tryCandidate(bench, candidate, step).catch((error: unknown) => {
        broken.abort(error);
        throw error;
      }),
    ),
  );
  broken.signal.throwIfAborted();
  return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}
