import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import type { CommonOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import type { Flag } from './flag.ts';
import { choiceOf, durationOf, textOf } from './values.ts';

/** Flags about what is done to the target when it is stopped. */
export const SEQUENCE_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'profile',
    value: 'NAME',
    group: 'Sequence',
    help: 'Whose sequence the stop follows: docker (docker stop) or kubernetes (its endpoints go away while traffic still arrives, preStop, then the stop signal, one grace period for all of it).',
    fallback: 'docker; kubernetes with --manifest',
    read: (_, text) => ({ profile: choiceOf('--profile', text, ['docker', 'kubernetes']) }),
  },
  {
    name: 'pre-stop',
    value: 'HOOK',
    group: 'Sequence',
    help: "What is done before the stop signal: exec:'sleep 5' (in the container, and no shell reads it), http:/drain (a GET of the container's port; http:8081/drain of another) or sleep:5s (needs nothing in the image).",
    fallback: 'nothing',
    read: (_, text) => ({ preStop: textOf('--pre-stop', text, 'a hook', 'sleep:5s') }),
  },
  {
    name: 'routing-lag',
    value: 'TIME',
    group: 'Sequence',
    help: 'For how long after the stop began traffic is still routed here, new connections too: a refusal in that time is a failure.',
    fallback: `0s; ${formatDuration(DEFAULTS.kubernetesLagMs)} with --profile kubernetes`,
    read: (_, text) => ({ routingLagMs: durationOf('--routing-lag', text, RANGES.routingLagMs, '3s') }),
  },
  {
    name: 'pooled-after-lag',
    value: 'WHAT',
    group: 'Sequence',
    help: "Whether requests over open connections go on after that, as a proxy's do (go), or stop too (stop). With --profile kubernetes.",
    fallback: 'go',
    read: (_, text) => ({ pooledAfterLag: choiceOf('--pooled-after-lag', text, ['go', 'stop']) }),
  },
];
