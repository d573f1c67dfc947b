import { badValue } from '../plan/bad-value.ts';
import { CHECKS, PATTERN_CHECK } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration, parseDuration } from '../plan/durations.ts';
import { parseVariable } from '../plan/env-file.ts';
import type { RunOptions } from '../plan/options.ts';
import { describeRange, fits, RANGES } from '../plan/ranges.ts';
import type { Flag } from './flag.ts';
import { CONTAINER_FLAGS } from './run-flags-container.ts';
import { LOAD_FLAGS, PROTOCOL_FLAGS } from './run-flags-load.ts';
import { checkedOf, choiceOf, durationOf, numbersOf, textOf } from './values.ts';

const BUILD_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'image',
    value: null,
    group: 'Target and build',
    help: 'Take the target as an image reference, even where a path of that name exists.',
    read: (options) => ({ ...options, image: true }),
  },
  {
    name: 'context',
    value: 'DIR',
    group: 'Target and build',
    help: 'Build context.',
    fallback: "the Dockerfile's folder",
    read: (options, text) => ({ ...options, context: textOf('--context', text, 'a folder', '.') }),
  },
  {
    name: 'build-arg',
    value: 'KEY=VALUE',
    repeatable: true,
    group: 'Target and build',
    help: 'Build argument; a bare KEY takes its value from the environment.',
    read: (options, text) => ({
      ...options,
      buildArgs: { ...options.buildArgs, ...parseVariable(text, '--build-arg', process.env) },
    }),
  },
  {
    name: 'build-target',
    value: 'STAGE',
    group: 'Target and build',
    help: 'Stage of a multi-stage Dockerfile to build.',
    fallback: 'the last one',
    read: (options, text) => ({ ...options, buildTarget: textOf('--build-target', text, 'a stage', 'production') }),
  },
  {
    name: 'platform',
    value: 'OS/ARCH',
    group: 'Target and build',
    help: 'Platform to build, pull and run for, such as linux/arm64.',
    fallback: "the engine's own",
    read: (options, text) => ({ ...options, platform: checkedOf('--platform', text, CHECKS.platform, 'linux/amd64') }),
  },
  {
    name: 'pull',
    value: 'WHEN',
    group: 'Target and build',
    help: 'When to pull: always, missing or never. For a Dockerfile, always pulls its base images anew.',
    fallback: 'missing',
    read: (options, text) => ({ ...options, pull: choiceOf('--pull', text, ['always', 'missing', 'never']) }),
  },
];

const STOP_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'when',
    value: 'MOMENT',
    group: 'Stop and verdict',
    help: `When to stop it: ready (and under load), starting (${formatDuration(DEFAULTS.startDelayMs)} after its start, before it is ready), or so long after its start, such as 2s.`,
    fallback: 'ready',
    read: (options, text) => ({
      ...options,
      when: whenOf(text),
    }),
  },
  {
    name: 'grace',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Grace period: from the stop signal to SIGKILL. Whole seconds, as the engine counts.',
    fallback: formatDuration(DEFAULTS.graceMs),
    read: (options, text) => ({ ...options, graceMs: durationOf('--grace', text, RANGES.graceMs, '30s') }),
  },
  {
    name: 'accept-exit-code',
    value: 'N,N',
    group: 'Stop and verdict',
    help: 'Exit codes that are fine.',
    fallback: '0 and 128 + the stop signal, 143 for SIGTERM',
    read: (options, text) => ({
      ...options,
      acceptExitCodes: numbersOf('--accept-exit-code', text, RANGES.exitCode, '0,143'),
    }),
  },
  {
    name: 'strict-unread',
    value: null,
    group: 'Stop and verdict',
    help:
      'Count as failures also the requests that were cut unread in the race that every closing server has. ' +
      'Clients may send those again, so they are warnings otherwise.',
    read: (options) => ({ ...options, strictUnread: true }),
  },
  {
    name: 'timeout',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Bound on the whole run, build included.',
    fallback: formatDuration(DEFAULTS.timeoutMs),
    read: (options, text) => ({ ...options, timeoutMs: durationOf('--timeout', text, RANGES.timeoutMs, '10m') }),
  },
];

const EVIDENCE_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'kernel-trace',
    value: 'WHEN',
    group: 'Evidence',
    help: "Read the kernel's own record of every signal, to the microsecond: auto (where root and tracefs are there), on or off.",
    fallback: 'auto',
    read: (options, text) => ({
      ...options,
      kernelTrace: choiceOf('--kernel-trace', text, ['auto', 'on', 'off']),
    }),
  },
  {
    name: 'log-match',
    value: 'REGEX',
    repeatable: true,
    group: 'Evidence',
    help: "Mark the lines of the app's log that match, with their times.",
    read: (options, text) => ({
      ...options,
      logMatch: [...(options.logMatch ?? []), checkedOf('--log-match', text, PATTERN_CHECK, "'shutting down'")],
    }),
  },
];

const PROOF_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'prove',
    value: null,
    group: 'Proof',
    help: 'Where it fails, run it again with one change at a time (exec form, an init, another stop signal, a longer grace period), and tell which of them mends it.',
    read: (options) => ({ ...options, prove: true }),
  },
  {
    name: 'max-grace',
    value: 'TIME',
    group: 'Proof',
    help: 'The longest grace period that --prove tries.',
    fallback: formatDuration(DEFAULTS.maxGraceMs),
    read: (options, text) => ({
      ...options,
      maxGraceMs: durationOf('--max-grace', text, RANGES.maxGraceMs, '2m'),
    }),
  },
];

/** Every flag of `run` that says something about the run itself. */
export const RUN_FLAGS: readonly Flag<RunOptions>[] = [
  ...BUILD_FLAGS,
  ...CONTAINER_FLAGS,
  ...LOAD_FLAGS,
  ...PROTOCOL_FLAGS,
  ...STOP_FLAGS,
  ...EVIDENCE_FLAGS,
  ...PROOF_FLAGS,
];

function whenOf(text: string): NonNullable<RunOptions['when']> {
  if (text === 'ready' || text === 'starting') return text;
  const delayMs = parseDuration(text);
  if (delayMs !== null && fits(delayMs, RANGES.startDelayMs)) return delayMs;
  const takes = `ready, starting, or ${describeRange(RANGES.startDelayMs)}`;
  throw badValue({ name: '--when', value: text, takes, example: '--when starting' });
}
