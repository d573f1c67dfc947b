import type { RolloutPlan } from '../../../src/plan/rollout.ts';
import { answered, type ServerCounters, type UserCounters } from '../../../src/rollout/balancer-stats.ts';
import type { OddRequest } from '../../../src/rollout/balancer-log.ts';
import type { Replacement, RolloutObservation } from '../../../src/rollout/observation.ts';
import { observationOf, T0_US } from '../observed.ts';

/** Begin of the roll-outs made here, microseconds of the ledger's clock: what is T0 of a run. */
export { healthy, ledgerOf } from '../observed.ts';

const { engine, image, plan: runPlan, harness } = observationOf();
const NO_RESPONSES = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, other: 0 };

export function planOf(changes: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    ...runPlan,
    profile: 'kubernetes',
    graceMs: 30_000,
    routingLagMs: 2_000,
    replicas: 2,
    balancer: { kind: 'program', reference: 'haproxy' },
    balancerRetries: 3,
    ...changes,
  };
}

export function server(counts: Partial<ServerCounters> = {}): ServerCounters {
  return {
    current: 0,
    given: 0,
    connectErrors: 0,
    responseErrors: 0,
    retries: 0,
    redispatches: 0,
    serverAborts: 0,
    responses: NO_RESPONSES,
    ...counts,
  };
}

export function users(responses: Partial<UserCounters['responses']>, requests: number | null = null): UserCounters {
  const counted = { open: 0, responses: { ...NO_RESPONSES, ...responses }, userAborts: 0 };
  return { ...counted, requests: requests ?? answered(counted) };
}

/** One that began its stop 1 s after its new container's start, and drained for 0.3 s without preStop. */
export function replacement(replica: number, fromMs: number, changes: Partial<Replacement> = {}): Replacement {
  return {
    replica,
    startedAtMs: fromMs,
    readyAtMs: fromMs + 1_000,
    t0AtMs: fromMs + 1_000,
    endedAtMs: fromMs + 3_000,
    preStop: null,
    signalledAtMs: 0,
    unroutedAtMs: 2_001,
    stopReturnedAtMs: 320,
    stopError: null,
    events: [
      { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 12 },
      { action: 'die', signal: null, exitCode: 0, atMs: 300 },
    ],
    exit: {
      running: false,
      exitCode: 0,
      oomKilled: false,
      error: '',
      startedAgain: false,
      health: null,
      healthOutput: '',
      endedEpochMs: null,
      atMs: 300,
    },
    atT0: server({ current: 3, given: 40 }),
    ...changes,
  };
}

/** One that ended by SIGKILL when its grace period was over. */
export function killed(replica: number, fromMs: number): Replacement {
  const plain = replacement(replica, fromMs);
  return replacement(replica, fromMs, {
    endedAtMs: fromMs + 31_100,
    events: [
      { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 12 },
      { action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: 30_010 },
      { action: 'die', signal: null, exitCode: 137, atMs: 30_050 },
    ],
    exit: { ...plain.exit, exitCode: 137, atMs: 30_050 },
  });
}

/** What a test says of a roll-out; the rest is one of two replicas that went well. */
export interface Said {
  readonly plan?: Partial<RolloutPlan>;
  readonly replacements?: readonly Replacement[];
  readonly odd?: readonly OddRequest[];
  /** What the balancer counted of its users. */
  readonly users: UserCounters;
  readonly servers?: Readonly<Record<string, ServerCounters>>;
  readonly harness?: Partial<RolloutObservation['harness']>;
}

export function rolloutOf(said: Said): RolloutObservation {
  const replacements = said.replacements ?? [replacement(1, 0), replacement(2, 3_000)];
  const untouched = Object.fromEntries(['r1', 'r2', 'r3', 'r4'].map((name) => [name, server({ given: 60 })]));
  const servers = { ...untouched, ...said.servers };
  return {
    engine,
    image,
    plan: planOf(said.plan),
    target: { stopSignal: 'SIGTERM', entrypoint: null, command: ['node', 'server.js'], via: 'container' },
    balancer: {
      version: '2.6.12',
      before: { users: users({ '2xx': 20 }), servers: untouched },
      after: { users: said.users, servers },
      log: { requests: answered(said.users), odd: said.odd ?? [] },
    },
    harness: { ...harness, ...said.harness },
    replacements,
    rampEndUs: 1_000_000,
    beganUs: T0_US,
    endedUs: T0_US + Math.max(...replacements.map(({ endedAtMs }) => endedAtMs)) * 1000,
  };
}
