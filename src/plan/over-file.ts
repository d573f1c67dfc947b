import type { FilledIn } from './filled-in.ts';
import type { FromFile } from './from-file.ts';
import { isFilled, mountPoint } from './missing.ts';
import type { RunOptions } from './options.ts';
import type { Missing } from './plan.ts';

/** Options, and what the file that they are from asks for besides. */
export interface Completed {
  readonly options: RunOptions;
  readonly missing: readonly Missing[];
  readonly filledIn: FilledIn;
}

/**
 * What was given, over what a file says: variables and build arguments by their name, volumes by where they are mounted, everything else as a
 * whole. What is missing and was given is missing no more.
 */
export function overFile(given: RunOptions, file: FromFile): Completed {
  const { options, missing } = withoutNoPlace(file, given);
  const env = { ...options.env, ...given.env };
  const mounted = new Set((given.volumes ?? []).map(mountPoint));
  const volumes = (options.volumes ?? []).filter((volume) => !mounted.has(mountPoint(volume)));
  return {
    options: {
      ...options,
      ...isGiven(given),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(options.buildArgs === undefined ? {} : { buildArgs: { ...options.buildArgs, ...given.buildArgs } }),
      ...(volumes.length === 0 ? {} : { volumes: [...volumes, ...(given.volumes ?? [])] }),
    },
    missing: missing.filter((one) => !isFilled(one, given)),
    filledIn: file.filledIn ?? {},
  };
}

/** An option that is undefined says nothing. */
function isGiven(given: RunOptions): RunOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The file says nothing about what this run does not do, or does in another way. */
function withoutNoPlace({ options, missing }: FromFile, given: RunOptions): FromFile {
  const isStarting = given.when !== undefined && given.when !== 'ready';
  const isDocker = given.profile === 'docker' || (isStarting && given.profile === undefined);
  const noPlace: readonly (keyof RunOptions | false)[] = [
    ...(given.load === 'none' ? (['port', 'readyPath', 'readyPort', 'insecure'] as const) : []),
    given.grpc !== undefined && 'readyPath',
    (given.grpc ?? given.readyPath) !== undefined && 'readyPort',
    (given.ca !== undefined || given.https === false) && 'insecure',
    // The file's command is what its own entrypoint is given.
    given.entrypoint !== undefined && 'command',
    ...(isDocker ? (['profile', 'preStop'] as const) : []),
  ];
  const kept = Object.entries(options).filter(([key]) => !noPlace.some((name) => name === key));
  const isHookLeftOut = isDocker && options.preStop !== undefined;
  const hook: Missing = { what: 'its preStop hook', flag: isStarting ? null : '--profile kubernetes' };
  return { options: Object.fromEntries(kept), missing: isHookLeftOut ? [...missing, hook] : missing };
}
