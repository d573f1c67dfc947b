import { CannotRunError } from '../errors.ts';
import { CHECKS } from './checks.ts';
import type { RunOptions } from './options.ts';
import type { ContainerSource } from './plan.ts';

type Option = keyof typeof CHECKS;

/** About an image, and how it is had. */
const OF_IMAGES = [
  'manifest',
  'container',
  'build',
  'service',
  'all',
  'sidecars',
  'image',
  'context',
  'buildArgs',
  'buildTarget',
  'platform',
  'pull',
] as const;

/** About how a container is started. */
const OF_STARTS = [
  'env',
  'init',
  'memoryBytes',
  'cpus',
  'user',
  'workingDir',
  'entrypoint',
  'command',
  'network',
  'volumes',
] as const;

/** The flags of those, by name. */
export const WITHOUT_START: readonly string[] = [...OF_IMAGES, ...OF_STARTS].flatMap((key) => CHECKS[key].flag ?? key);

const LEAVE_OUT = 'Leave one of the two out.';

/**
 * The container that is stopped in the place of a target.
 * @throws CannotRunError for an option that comes too late for a container that runs.
 */
export function resolveAttached(options: RunOptions & { readonly attach: string }): ContainerSource {
  const { target, profile, when } = options;
  if (target !== undefined) throw beside(`the target "${target}"`, '--attach takes the place of a target', LEAVE_OUT);
  refuse(options, OF_IMAGES, 'With --attach nothing is built, pulled or started', LEAVE_OUT);
  refuse(
    options,
    OF_STARTS,
    'With --attach the container runs already',
    'Start the container so and then attach to it, or have one started here: shutdown-check run IMAGE',
  );
  if (profile !== 'kubernetes')
    refuse(
      options,
      ['stopSignal'],
      "With --attach `docker stop` sends the container's own stop signal",
      'Start it with `docker run --stop-signal` (Compose: stop_signal), or add --profile kubernetes.',
    );
  if (when !== 'ready')
    refuse(
      options,
      ['when'],
      'With --attach the start is over',
      'To stop a container while it starts: shutdown-check run IMAGE --when starting',
    );
  refuse(
    options,
    ['prove'],
    'A proof starts the image anew with one change, and with --attach nothing is started',
    'To try what mends it, run the image that it was made of: shutdown-check run IMAGE --prove',
  );
  if ((options.repeat ?? 1) > 1)
    refuse(
      options,
      ['repeat'],
      'With --attach a container is stopped that runs already, and so only once',
      'To stop it again and again, run the image that it was made of: shutdown-check run IMAGE --repeat 10',
    );
  return { kind: 'container', reference: options.attach };
}

function refuse(options: RunOptions, names: readonly Option[], because: string, nextStep: string): void {
  const given = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (given === undefined) return;
  const { flag } = CHECKS[given];
  throw beside(`${given} (${flag === null ? 'after --' : `--${flag}`})`, because, nextStep);
}

function beside(what: string, because: string, nextStep: string): CannotRunError {
  return new CannotRunError(`${because}, so ${what} has no place beside it.`, { nextStep });
}
