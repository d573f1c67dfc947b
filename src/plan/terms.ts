import type { Plan } from './plan.ts';

/** What is stopped, by the noun that every text has for it: a container, of an image or one that ran before, or a command of this machine. */
export type TargetNoun = 'container' | 'command';

/** The noun for what a plan runs. */
export function targetNoun({ image }: Pick<Plan, 'image'>): TargetNoun {
  return image.kind === 'command' ? 'command' : 'container';
}

/** Who sends it the stop signal and SIGKILL, as every text names it: a command has no engine, and a pod's are sent one by one. */
export function stopperOf({ image, profile }: Pick<Plan, 'image' | 'profile'>): 'the engine' | 'shutdown-check' {
  return image.kind === 'command' || profile === 'kubernetes' ? 'shutdown-check' : 'the engine';
}
