import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import type { ExecOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import { COMMON_FLAGS } from './common-flags.ts';
import type { Flag } from './flag.ts';
import { choiceOf, durationOf } from './values.ts';

/** What differs from the same flag of `run`. */
const DIFFERENCES: Readonly<Record<string, Partial<Flag<ExecOptions>>>> = {
  env: { help: 'Environment variable, over those that the command gets from here.' },
  init: {
    help: 'Run an init as PID 1 in front of the command: the first of tini, docker-init, dumb-init and catatonit that is installed.',
  },
  'stop-signal': { fallback: 'SIGTERM' },
  port: { fallback: 'the only one that it opens' },
  'ready-path': { help: 'Ready means an answer below 500 here.' },
  profile: {
    help: 'Whose sequence the stop follows: docker (docker stop) or kubernetes (its endpoints go away while traffic still arrives, preStop, then the stop signal, one grace period for all of it).',
    fallback: 'docker',
  },
  'pre-stop': {
    help: "What is done before the stop signal: exec:'sleep 5' (a command beside it, and no shell reads it), http:/drain (a GET of its port; http:8081/drain of another) or sleep:5s.",
  },
  warmup: { fallback: formatDuration(DEFAULTS.execWarmupMs) },
  grace: {
    help: 'Grace period: from the stop signal, or from the start of preStop, to SIGKILL, such as 500ms.',
    read: (_, text) => ({ graceMs: durationOf('--grace', text, RANGES.execGraceMs, '500ms') }),
  },
  'max-grace': {
    read: (_, text) => ({ maxGraceMs: durationOf('--max-grace', text, RANGES.execMaxGraceMs, '2s') }),
  },
  timeout: { help: 'Bound on the whole run.' },
  prove: {
    help: 'Where it fails, run it again with one change at a time (without its shell, an init, another stop signal, a longer grace period), and tell which of them mends it.',
  },
};

const NETWORK_FLAG: Flag<ExecOptions> = {
  name: 'network',
  value: 'own|host',
  group: 'Command',
  help: 'own reaches nothing but itself, so that runs side by side may open the same port. host is the network of this machine, for a command that needs a database on it.',
  fallback: 'own, where it can be had (as root) and requests are sent; else host',
  read: (_, text) => ({ network: choiceOf('--network', text, ['own', 'host']) }),
};

/** Every flag of `exec` that says something about the run itself. */
export const EXEC_FLAGS: readonly Flag<ExecOptions>[] = [...COMMON_FLAGS.map(ofCommand), NETWORK_FLAG];

function ofCommand(flag: Flag<ExecOptions>): Flag<ExecOptions> {
  return { ...flag, ...(flag.group === 'Container' ? { group: 'Command' } : {}), ...DIFFERENCES[flag.name] };
}

const NO_IMAGE = 'it takes no image, and builds none.';
const NO_LIMITS = 'the command runs without a container, and so without limits of its own.';

/** Why `exec` does not take a flag that `run` has, by its name. */
export const NOT_TAKEN: ReadonlyMap<string, string> = new Map([
  ...['manifest', 'container', 'build'].map((name) => [name, 'it takes a command, and no manifest.'] as const),
  ['attach', 'it takes a command, and no container.'],
  ...['service', 'all', 'sidecar'].map((name) => [name, 'it takes a command, and no compose file.'] as const),
  ...['image', 'context', 'build-arg', 'build-target', 'platform', 'pull'].map((name) => [name, NO_IMAGE] as const),
  ['memory', NO_LIMITS],
  ['cpus', NO_LIMITS],
  ['user', 'the command runs as the user who starts shutdown-check, so start it as that one.'],
  ['workdir', 'the command is started in the current folder: go there first.'],
  ['entrypoint', 'all of the command goes after --.'],
  ['volume', 'the command sees the files of this machine.'],
]);
