import type { Plan } from '../plan/plan.ts';
import { endsWithin } from '../load/within.ts';
import { type HookContext, runPreStop } from './pre-stop.ts';
import type { OnSignal, Performed } from './sequence.ts';

/**
 * The kubelet's least time between the stop signal and SIGKILL, however much of the grace period preStop has used up.
 * Source: kubernetes, pkg/kubelet/kuberuntime, minimumGracePeriodInSeconds.
 */
export const LEAST_MS = 2_000;
/** SIGKILL is done in no time; what the engine takes to tell of it is waited for so long. */
export const KILL_MS = 10_000;

/**
 * Stops a container as the kubelet does: the preStop hook, the stop signal when it ends, however it does, SIGKILL when the
 * grace period is over, which counts from now. The signals are sent one by one, through the engine.
 *
 * The kubelet cuts the hook's time to whole seconds before it takes it off the grace period; here the clock is exact.
 *
 * @throws the abort's reason; what the engine could not do is in the record.
 */
export async function stopPod(
  context: HookContext,
  { graceMs, preStop }: Pick<Plan, 'graceMs' | 'preStop'>,
  onSignal: OnSignal,
  abort: AbortSignal,
): Promise<Performed> {
  abort.throwIfAborted();
  const fromUs = context.clock.nowUs();
  const hook = preStop === null || graceMs === 0 ? null : await runPreStop(preStop, context, graceMs, abort);
  if (hook?.end === 'overtaken') return { preStop: hook, error: null };
  const leftMs = Math.max(LEAST_MS, graceMs - (context.clock.nowUs() - fromUs) / 1000);
  const error = await escalate(context, leftMs, onSignal, abort);
  return { preStop: hook, error };
}

async function escalate(
  { target, died }: HookContext,
  leftMs: number,
  onSignal: OnSignal,
  abort: AbortSignal,
): Promise<unknown> {
  try {
    onSignal(leftMs);
    await target.signal(target.stopSignal);
    if (await endsWithin(died, leftMs, abort)) return null;
    await target.signal('SIGKILL');
    await endsWithin(died, KILL_MS, abort);
    return null;
  } catch (error) {
    abort.throwIfAborted();
    return error;
  }
}

/** Whether a hook that took so long left less than the kubelet's least time of the grace period. */
export function leftTooLittle(hookMs: number, graceMs: number): boolean {
  return hookMs > graceMs - LEAST_MS;
}
