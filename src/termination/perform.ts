import type { Plan } from '../plan/plan.ts';
import { stopByEngine } from './docker-stop.ts';
import { stopPod } from './pod-stop.ts';
import type { HookContext } from './pre-stop.ts';
import type { OnSignal, Performed } from './sequence.ts';

/**
 * Stops a target by the steps of the plan's profile.
 *
 * @throws the abort's reason, when there is one before they are done; what the engine could not do is in the record.
 */
export async function performSequence(
  context: HookContext,
  plan: Pick<Plan, 'profile' | 'graceMs' | 'preStop'>,
  onSignal: OnSignal,
  abort: AbortSignal,
): Promise<Performed> {
  return plan.profile === 'docker'
    ? await stopByEngine(context.target, plan.graceMs, onSignal, abort)
    : await stopPod(context, plan, onSignal, abort);
}
