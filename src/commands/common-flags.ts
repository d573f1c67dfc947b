import { badValue } from '../plan/bad-value.ts';
import { PATTERN_CHECK } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration, parseDuration } from '../plan/durations.ts';
import type { CommonOptions } from '../plan/options.ts';
import { describeRange, fits, RANGES } from '../plan/ranges.ts';
import { LOAD_FLAGS, PROTOCOL_FLAGS } from './common-flags-load.ts';
import { START_FLAGS } from './common-flags-start.ts';
import type { Flag } from './flag.ts';
import { SEQUENCE_FLAGS } from './sequence-flags.ts';
import { checkedOf, choiceOf, durationOf, numberOf, numbersOf } from './values.ts';

const STOP_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'when',
    value: 'MOMENT',
    group: 'Stop and verdict',
    help: `When to stop it: ready (and under load), starting (${formatDuration(DEFAULTS.startDelayMs)} after its start, before it is ready), or so long after its start, such as 2s.`,
    fallback: 'ready',
    read: (_, text) => ({ when: whenOf(text) }),
  },
  {
    name: 'grace',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Grace period: from the stop signal, or from the start of preStop, to SIGKILL. Whole seconds, as the engine counts.',
    fallback: `${formatDuration(DEFAULTS.graceMs)}; ${formatDuration(DEFAULTS.kubernetesGraceMs)} with --profile kubernetes`,
    read: (_, text) => ({ graceMs: durationOf('--grace', text, RANGES.graceMs, '30s') }),
  },
  {
    name: 'accept-exit-code',
    value: 'N,N',
    group: 'Stop and verdict',
    help: 'Exit codes that are fine.',
    fallback: '0 and 128 + the stop signal, 143 for SIGTERM',
    read: (_, text) => ({ acceptExitCodes: numbersOf('--accept-exit-code', text, RANGES.exitCode, '0,143') }),
  },
  {
    name: 'strict-unread',
    value: null,
    group: 'Stop and verdict',
    help:
      'Count as failures also the requests that were cut unread in the race that every closing server has. ' +
      'Clients may send those again, so they are warnings otherwise.',
    read: () => ({ strictUnread: true }),
  },
  {
    name: 'max-drain',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Fail where the drain takes longer: from the signal to the end of the last request that was in flight when it came.',
    read: (_, text) => ({ maxDrainMs: durationOf('--max-drain', text, RANGES.maxDrainMs, '2s') }),
  },
  {
    name: 'max-stop',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Fail where the whole stop takes longer, from its start to the exit: what a deploy waits.',
    read: (_, text) => ({ maxStopMs: durationOf('--max-stop', text, RANGES.maxStopMs, '5s') }),
  },
  {
    name: 'max-latency',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Fail where, of the answers from the signal on (of a pod: from the start of the stop on), more than one in 100 came later than this after its request was due.',
    read: (_, text) => ({ maxLatencyMs: durationOf('--max-latency', text, RANGES.maxLatencyMs, '500ms') }),
  },
  {
    name: 'max-rejected',
    value: 'N',
    group: 'Stop and verdict',
    help: 'So many requests may be turned away with 503 or 429 that should have been served: in flight at the signal, or still routed here.',
    fallback: '0',
    read: (_, text) => ({ maxRejected: numberOf('--max-rejected', text, RANGES.maxRejected, '5') }),
  },
  {
    name: 'timeout',
    value: 'TIME',
    group: 'Stop and verdict',
    help: 'Bound on the whole run, build included.',
    fallback: formatDuration(DEFAULTS.timeoutMs),
    read: (_, text) => ({ timeoutMs: durationOf('--timeout', text, RANGES.timeoutMs, '10m') }),
  },
];

const EVIDENCE_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'kernel-trace',
    value: 'WHEN',
    group: 'Evidence',
    help: "Read the kernel's own record of every signal, to the microsecond: auto (where root and tracefs are there), on or off.",
    fallback: 'auto',
    read: (_, text) => ({ kernelTrace: choiceOf('--kernel-trace', text, ['auto', 'on', 'off']) }),
  },
  {
    name: 'log-match',
    value: 'REGEX',
    repeatable: true,
    group: 'Evidence',
    help: "Mark the lines of the app's log that match, with their times.",
    read: (options, text) => ({
      logMatch: [...(options.logMatch ?? []), checkedOf('--log-match', text, PATTERN_CHECK, "'shutting down'")],
    }),
  },
];

const PROOF_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'prove',
    value: null,
    group: 'Proof',
    help: 'Where it fails, run it again with one change at a time (exec form, an init, another stop signal, a longer grace period), and tell which of them mends it.',
    read: () => ({ prove: true }),
  },
  {
    name: 'max-grace',
    value: 'TIME',
    group: 'Proof',
    help: 'The longest grace period that --prove tries.',
    fallback: formatDuration(DEFAULTS.maxGraceMs),
    read: (_, text) => ({ maxGraceMs: durationOf('--max-grace', text, RANGES.maxGraceMs, '2m') }),
  },
];

const REPEAT_FLAG: Flag<CommonOptions> = {
  name: 'repeat',
  value: 'N',
  group: 'Gate',
  help: 'Check it N times, one run after the other, and tell how often it fails and how far the times spread. One loss in N is a fail.',
  fallback: '1',
  read: (_, text) => ({ repeat: numberOf('--repeat', text, RANGES.repeat, '10') }),
};

/** Flags of every check, whatever it is that is stopped; in the words of a check of an image. */
export const COMMON_FLAGS: readonly Flag<CommonOptions>[] = [
  ...START_FLAGS,
  ...LOAD_FLAGS,
  ...PROTOCOL_FLAGS,
  ...SEQUENCE_FLAGS,
  ...STOP_FLAGS,
  ...EVIDENCE_FLAGS,
  ...PROOF_FLAGS,
  REPEAT_FLAG,
];

function whenOf(text: string): NonNullable<CommonOptions['when']> {
  if (text === 'ready' || text === 'starting') return text;
  const delayMs = parseDuration(text);
  if (delayMs !== null && fits(delayMs, RANGES.startDelayMs)) return delayMs;
  const takes = `ready, starting, or ${describeRange(RANGES.startDelayMs)}`;
  throw badValue({ name: '--when', value: text, takes, example: '--when starting' });
}
