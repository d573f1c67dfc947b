import type { Plan } from './plan.ts';

/** What is stopped, by the noun that every text has for it: a container of an image, or a command of this machine. */
export type TargetNoun = 'container' | 'command';

/** The noun for what a plan runs. */
export function targetNoun({ image }: Pick<Plan, 'image'>): TargetNoun {
  return image.kind === 'command' ? 'command' : 'container';
}

const STOPPERS = { container: 'the engine', command: 'shutdown-check' } as const;

/** Who sends it the stop signal and SIGKILL, as every text names it: a command has no engine. */
export function stopperOf(noun: TargetNoun): (typeof STOPPERS)[TargetNoun] {
  return STOPPERS[noun];
}
