import type { RunOptions } from './options.ts';

const NO_WORKER = 'a roll-out is seen by those who send requests.';
const CLEAR_HTTP1 = 'users speak HTTP/1.1 in the clear to the balancer, and so does the balancer to the app.';
const ONE_STOP = '`run` shows it, of one container and its one stop.';

/** The options of `run` that a roll-out does not take, each with the reason, continuing "rollout takes no …: …". */
export const ONLY_OF_RUN = {
  attach: 'it starts its replicas itself, and ends them.',
  all: 'it is of one service: name it with --service.',
  sidecars: ONE_STOP,
  load: NO_WORKER,
  jobStart: NO_WORKER,
  jobEnd: NO_WORKER,
  https: CLEAR_HTTP1,
  insecure: CLEAR_HTTP1,
  ca: CLEAR_HTTP1,
  http2: CLEAR_HTTP1,
  grpc: CLEAR_HTTP1,
  park: ONE_STOP,
  hold: ONE_STOP,
  when: 'each replica is replaced when it is ready and under load.',
  pooledAfterLag: 'it is the balancer that decides over connections.',
  maxDrainMs: ONE_STOP,
  maxStopMs: ONE_STOP,
  maxLatencyMs: ONE_STOP,
  maxRejected: 'whatever a user did not get counts here.',
  strictUnread: 'whatever a user did not get counts here.',
  kernelTrace: ONE_STOP,
  logMatch: ONE_STOP,
  prove: ONE_STOP,
  maxGraceMs: ONE_STOP,
  repeat: 'it stops one replica after the other as it is: name more with --replicas.',
} as const satisfies Partial<Record<keyof RunOptions, string>>;

export type OnlyOfRun = keyof typeof ONLY_OF_RUN;

const MEASURES = 'it measures what stops take, and holds it against nothing; `shutdown-check run` does.';

/** The options of `run` that a budget does not take, each with the reason, continuing "budget takes no …: …". */
export const NOT_OF_BUDGET = {
  rate: 'it stops the app under several loads, which --rates names.',
  attach: 'a container that runs already can be stopped only once.',
  all: 'one service takes long enough; name it.',
  when: 'an app that still starts has nothing to drain.',
  maxDrainMs: MEASURES,
  maxStopMs: MEASURES,
  maxLatencyMs: MEASURES,
  maxRejected: MEASURES,
  prove: 'it asks for the time that a good stop takes. What mends a bad one, `shutdown-check run --prove` tries.',
  repeat: 'it repeats the stop by itself, as often as --runs says.',
} as const satisfies Partial<Record<keyof RunOptions, string>>;

export type NotOfBudget = keyof typeof NOT_OF_BUDGET;
