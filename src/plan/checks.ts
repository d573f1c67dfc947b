import { BALANCER_FORMS } from './balancer.ts';
import { type Check, isTexts, named, oneOf, ranged, rangedList, text, texts, yesNo } from './check.ts';
import {
  GRPC_FORMS,
  HOLD_FORMS,
  METHOD_FORMS,
  isGrpcMethod,
  isHeaderName,
  isMethod,
  isPath,
  parseHold,
} from './http-syntax.ts';
import { NOT_OF_BUDGET, type NotOfBudget, ONLY_OF_RUN, type OnlyOfRun } from './only-of-run.ts';
import type { BudgetOptions, CommonOptions, ExecOptions, RolloutOptions, RunOptions } from './options.ts';
import { PRE_STOP_FORMS } from './pre-stop.ts';
import { RANGES, describeRawRange, fits } from './ranges.ts';

export type { Check } from './check.ts';

/** `source:target[:mode]`, the target an absolute path in the container. */
export const VOLUME_CHECK: Check = {
  flag: 'volume',
  takes: 'source:target or source:target:mode, or a target alone for an empty one; the target is an absolute path',
  accepts: (value) => typeof value === 'string' && /^(?:\/[^:]+|[^:]+:\/[^:]*(:[a-zA-Z,]+)?)$/.test(value),
};

function isAbsolute(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}

function isVolumes(value: unknown): boolean {
  return Array.isArray(value) && value.every(VOLUME_CHECK.accepts);
}

/** As the engine names containers; an id looks no different. */
const CONTAINER = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/;

/** A regular expression of JavaScript's. */
export const PATTERN_CHECK: Check = {
  flag: null,
  takes: 'a regular expression, such as "job (\\d+) done"',
  accepts: (value) => typeof value === 'string' && value !== '' && isPattern(value),
};

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** Every option that a run takes, whatever it is of, and what it takes. */
export const COMMON_CHECKS = {
  name: text('name', 'a name'),
  env: named('env'),
  init: yesNo('init'),
  stopSignal: text('stop-signal', 'a signal by name or number'),
  port: ranged('port', RANGES.port),
  readyPath: { flag: 'ready-path', takes: 'a path that starts with /', accepts: isPath },
  readyPort: ranged('ready-port', RANGES.port),
  readyTimeoutMs: ranged('ready-timeout', RANGES.readyTimeoutMs),
  load: oneOf('load', ['requests', 'none']),
  jobStart: { ...PATTERN_CHECK, flag: 'job-start' },
  jobEnd: { ...PATTERN_CHECK, flag: 'job-end' },
  rate: {
    flag: 'rate',
    takes: `auto, or ${describeRawRange(RANGES.rate)}`,
    accepts: (value) => value === 'auto' || fits(value, RANGES.rate),
    range: RANGES.rate,
  },
  path: { flag: 'path', takes: 'a path that starts with /', accepts: isPath },
  method: { flag: 'method', takes: METHOD_FORMS, accepts: isMethod },
  headers: named('header'),
  body: { flag: 'body', takes: 'a text', accepts: (value) => typeof value === 'string' },
  requests: {
    flag: 'requests',
    takes: 'a list of requests',
    accepts: (value) => Array.isArray(value) && value.length > 0,
  },
  expectStatus: rangedList('expect-status', RANGES.status),
  requestTimeoutMs: ranged('request-timeout', RANGES.requestTimeoutMs),
  warmupMs: ranged('warmup', RANGES.warmupMs),
  connections: oneOf('connections', ['fresh', 'pooled', 'both']),
  https: yesNo('https'),
  insecure: yesNo('insecure'),
  ca: text('ca', 'a PEM file'),
  http2: yesNo('http2'),
  grpc: { flag: 'grpc', takes: GRPC_FORMS, accepts: (value) => value === 'health' || isGrpcMethod(value) },
  requestIdHeader: {
    flag: 'request-id-header',
    takes: 'the name of a header that the load does not set itself',
    accepts: isHeaderName,
  },
  park: ranged('park', RANGES.park),
  hold: {
    flag: 'hold',
    takes: `a list, each ${HOLD_FORMS}`,
    accepts: (value) => Array.isArray(value) && value.every((item) => parseHold(item) !== null),
  },
  minInFlight: ranged('min-in-flight', RANGES.minInFlight),
  when: {
    flag: 'when',
    takes: `ready, starting, or ${describeRawRange(RANGES.startDelayMs)}`,
    accepts: (value) => value === 'ready' || value === 'starting' || fits(value, RANGES.startDelayMs),
    range: RANGES.startDelayMs,
  },
  profile: oneOf('profile', ['docker', 'kubernetes']),
  graceMs: ranged('grace', RANGES.graceMs),
  preStop: {
    flag: 'pre-stop',
    takes: PRE_STOP_FORMS,
    accepts: (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
  },
  routingLagMs: ranged('routing-lag', RANGES.routingLagMs),
  pooledAfterLag: oneOf('pooled-after-lag', ['go', 'stop']),
  acceptExitCodes: rangedList('accept-exit-code', RANGES.exitCode),
  maxDrainMs: ranged('max-drain', RANGES.maxDrainMs),
  maxStopMs: ranged('max-stop', RANGES.maxStopMs),
  maxLatencyMs: ranged('max-latency', RANGES.maxLatencyMs),
  maxRejected: ranged('max-rejected', RANGES.maxRejected),
  strictUnread: yesNo('strict-unread'),
  kernelTrace: oneOf('kernel-trace', ['auto', 'on', 'off']),
  logMatch: {
    flag: 'log-match',
    takes: `a list, each ${PATTERN_CHECK.takes}`,
    accepts: (value) => Array.isArray(value) && value.every(PATTERN_CHECK.accepts),
  },
  prove: yesNo('prove'),
  maxGraceMs: ranged('max-grace', RANGES.maxGraceMs),
  repeat: ranged('repeat', RANGES.repeat),
  timeoutMs: ranged('timeout', RANGES.timeoutMs),
} as const satisfies Record<keyof CommonOptions, Check>;

/** Every option of a run of an image. Also the list of the names there are. */
export const CHECKS = {
  target: text(null, 'a Dockerfile, a folder with one, a compose file, or an image reference'),
  manifest: text('manifest', 'a file with a Kubernetes manifest'),
  container: text('container', 'the name of a container, or workload/name'),
  build: text('build', 'a Dockerfile, or a folder with one'),
  attach: {
    flag: 'attach',
    takes: 'the name or the id of a container that runs',
    accepts: (value) => typeof value === 'string' && CONTAINER.test(value),
  },
  image: yesNo('image'),
  service: text('service', 'the name of a service'),
  all: yesNo('all'),
  sidecars: texts('sidecar'),
  context: text('context'),
  buildArgs: named('build-arg'),
  buildTarget: text('build-target'),
  platform: {
    flag: 'platform',
    takes: 'os/arch or os/arch/variant, such as linux/amd64',
    accepts: (value) => typeof value === 'string' && PLATFORM.test(value),
  },
  pull: oneOf('pull', ['always', 'missing', 'never']),
  ...COMMON_CHECKS,
  memoryBytes: ranged('memory', RANGES.memoryBytes),
  cpus: ranged('cpus', RANGES.cpus),
  user: text('user'),
  workingDir: { flag: 'workdir', takes: 'an absolute path', accepts: isAbsolute },
  entrypoint: texts('entrypoint'),
  command: texts(null),
  network: text('network'),
  volumes: { flag: 'volume', takes: `a list, each ${VOLUME_CHECK.takes}`, accepts: isVolumes },
  healthcheck: {
    flag: null,
    takes: 'a health check with a `test` that is a list of texts',
    accepts: (value) => isTexts((value as { readonly test?: unknown } | null)?.test),
  },
} as const satisfies Record<keyof RunOptions, Check>;

/** The same for a budget: rates in the place of one, and nothing of a single stop. */
export const BUDGET_CHECKS = {
  ...without(Object.keys(NOT_OF_BUDGET) as readonly NotOfBudget[]),
  runs: ranged('runs', RANGES.runs),
  rates: rangedList('rates', RANGES.rate),
} as const satisfies Record<keyof BudgetOptions, Check>;

/** The same for a run of a command. */
export const EXEC_CHECKS = {
  ...COMMON_CHECKS,
  command: {
    flag: null,
    takes: 'a list of texts, the program and its arguments',
    accepts: (value) =>
      isTexts(value) && (value as readonly string[]).length > 0 && (value as readonly string[])[0] !== '',
  },
  directory: text(null, 'a folder'),
  network: oneOf('network', ['own', 'host']),
  graceMs: ranged('grace', RANGES.execGraceMs),
  maxGraceMs: ranged('max-grace', RANGES.execMaxGraceMs),
} as const satisfies Record<keyof ExecOptions, Check>;

/** The same for a roll-out. */
export const ROLLOUT_CHECKS = {
  ...without(Object.keys(ONLY_OF_RUN) as readonly OnlyOfRun[]),
  replicas: ranged('replicas', RANGES.replicas),
  balancer: text('balancer', BALANCER_FORMS),
  balancerRetries: ranged('balancer-retries', RANGES.balancerRetries),
} as const satisfies Record<keyof RolloutOptions, Check>;

function without<Left extends keyof RunOptions>(left: readonly Left[]): Omit<typeof CHECKS, Left> {
  const taken = Object.entries(CHECKS).filter(([name]) => !left.some((one) => one === name));
  return Object.fromEntries(taken) as unknown as Omit<typeof CHECKS, Left>;
}
