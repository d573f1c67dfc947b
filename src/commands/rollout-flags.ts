import { BALANCER_FORMS } from '../plan/balancer.ts';
import { CHECKS } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import { ONLY_OF_RUN, type OnlyOfRun } from '../plan/only-of-run.ts';
import type { RolloutOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import type { Flag } from './flag.ts';
import { RUN_FLAGS } from './run-flags.ts';
import { numberOf, textOf } from './values.ts';

const OWN_FLAGS: readonly Flag<RolloutOptions>[] = [
  {
    name: 'replicas',
    value: 'N',
    group: 'Roll-out',
    help: 'How many containers there are, each replaced in its turn.',
    fallback: String(DEFAULTS.replicas),
    read: (_, text) => ({ replicas: numberOf('--replicas', text, RANGES.replicas, '3') }),
  },
  {
    name: 'balancer',
    value: 'HAPROXY',
    group: 'Roll-out',
    help: `The load balancer in front: ${BALANCER_FORMS} (haproxy:3.2), which then runs on this machine's network.`,
    fallback: DEFAULTS.balancer,
    read: (_, text) => ({ balancer: textOf('--balancer', text, BALANCER_FORMS, 'haproxy:3.2') }),
  },
  {
    name: 'balancer-retries',
    value: 'N',
    group: 'Roll-out',
    help: 'How often the balancer tries again, on another replica, where a connection could not be made. With 0 users get what one gives them that does not try again.',
    fallback: `${DEFAULTS.balancerRetries}, HAProxy's own`,
    read: (_, text) => ({ balancerRetries: numberOf('--balancer-retries', text, RANGES.balancerRetries, '0') }),
  },
];

/** What differs from the same flag of `run`. */
const DIFFERENCES: Readonly<Record<string, Partial<Flag<RolloutOptions>>>> = {
  rate: { fallback: 'auto, for each replica what keeps about three requests in flight' },
  profile: { fallback: 'kubernetes; docker for a compose file' },
  'routing-lag': {
    help: 'For how long after the stop of a replica began the balancer still sends it new requests.',
    fallback: `${formatDuration(DEFAULTS.kubernetesLagMs)}; 0s with --profile docker`,
  },
  grace: {
    fallback: `${formatDuration(DEFAULTS.kubernetesGraceMs)}; ${formatDuration(DEFAULTS.graceMs)} with --profile docker`,
  },
  'min-in-flight': { help: 'The stop of each replica waits up to 5 s for so many requests in flight at it.' },
  'request-id-header': {
    help: 'Header that carries the number of each request to the app: its row in the ledger.',
  },
  timeout: { help: 'Bound on the whole roll-out, build included.' },
};

/** Flags of `run` that a roll-out does not take, and why. */
export const NOT_IN_ROLLOUT: ReadonlyMap<string, string> = new Map(
  (Object.keys(ONLY_OF_RUN) as OnlyOfRun[]).map((option) => [CHECKS[option].flag ?? option, ONLY_OF_RUN[option]]),
);

/** Every flag of `rollout` that says something about the roll-out itself. */
export const ROLLOUT_FLAGS: readonly Flag<RolloutOptions>[] = [
  ...OWN_FLAGS,
  ...RUN_FLAGS.filter(({ name }) => !NOT_IN_ROLLOUT.has(name)).map((flag) => ({ ...flag, ...DIFFERENCES[flag.name] })),
];
