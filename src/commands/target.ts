import { CannotRunError } from '../errors.ts';
import type { RunOptions } from '../plan/options.ts';
import { shellWord } from '../report/text.ts';
import { helpHint } from './arguments.ts';
import type { FlagValues } from './flag.ts';

/** Flags that say themselves what is stopped. */
export const IN_TARGETS_PLACE = ['manifest', 'attach'];

/**
 * The one target of a command that takes one, or a flag in its place.
 * @throws CannotRunError where there is none, or more.
 */
export function targetOf(
  positionals: readonly string[],
  values: FlagValues,
  command: 'run' | 'plan' | 'budget' | 'rollout',
): Pick<RunOptions, 'target'> {
  const [target, extra] = positionals;
  if (target === undefined && IN_TARGETS_PLACE.some((name) => values.has(name))) return {};
  if (target === undefined) {
    const attach = `For a container that runs already: shutdown-check run --attach CONTAINER\n`;
    throw new CannotRunError(`${command} needs a target: a Dockerfile, a folder with one, or an image.`, {
      nextStep: `For example: shutdown-check ${command} .\n${command === 'run' ? attach : ''}${helpHint(command)}`,
    });
  }
  if (extra === undefined) return { target };
  throw new CannotRunError(`${command} takes one target, and was given "${target}" and "${extra}".`, {
    nextStep: [
      `The container's own command goes after --, as in: shutdown-check ${command} ${target} -- ${extra}`,
      `A command of this machine, without a container: shutdown-check exec -- ${positionals.map(shellWord).join(' ')}`,
    ].join('\n'),
  });
}
