import type { Plan } from './plan/plan.ts';
import type { Run, RunHooks } from './run.ts';

/**
 * Runs a plan in a process of its own, which has a network of its own: from anywhere else its target could not be reached.
 */
export async function runApart(_plan: Plan, _hooks: RunHooks): Promise<Run> {
  throw new Error('not there yet');
}

/** Whether a plan wants a network of its own. */
export function wantsOwnNetwork({ image, container }: Plan): boolean {
  return image.kind === 'command' && container.network === 'own';
}
