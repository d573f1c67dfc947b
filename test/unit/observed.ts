import type { Observation } from '../../src/observation.ts';
import { ENDING, FLAG, Ledger } from '../../src/load/ledger.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { PLAIN } from '../plain-container.ts';

/** T0 of the observations made here, microseconds of the ledger's clock. */
export const T0_US = 10_000_000;

const PLAN: Plan = {
  profile: 'docker',
  image: { kind: 'image', reference: 'app', platform: null, pull: 'missing' },
  container: PLAIN,
  name: null,
  service: null,
  companions: [],
  readyPath: '/healthz',
  readyPort: null,
  readyTimeoutMs: 120_000,
  load: {
    kind: 'requests',
    protocol: 'http1',
    tls: null,
    requestIdHeader: null,
    park: 0,
    holds: [],
    rate: 'auto',
    requests: [{ path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null }],
    expectStatus: null,
    requestTimeoutMs: 15_000,
    warmupMs: 5000,
    rampMs: 1500,
    connections: 'both',
    minInFlight: 1,
  },
  jobs: null,
  when: 'ready',
  graceMs: 10_000,
  routingLagMs: 0,
  pooledAfterLag: 'go',
  preStop: null,
  acceptExitCodes: null,
  limits: { drainMs: null, stopMs: null, latencyMs: null, rejected: 0 },
  strictUnread: false,
  kernelTrace: 'auto',
  logMatch: [],
  prove: false,
  maxGraceMs: 120_000,
  repeat: 1,
  timeoutMs: 1_800_000,
  file: null,
  missing: [],
};

/** A container that got SIGTERM, drained for a second and exited 0, changed where a test says so. */
export function observationOf(changes: Partial<Observation> = {}): Observation {
  return {
    engine: { kind: 'docker', version: '20.10.24', apiVersion: '1.41' },
    image: {
      id: 'sha256:0',
      entrypoint: null,
      command: ['node', 'server.js'],
      stopSignal: null,
      exposedPorts: [3000],
      hasHealthcheck: false,
      dockerfile: null,
    },
    plan: PLAN,
    target: {
      id: 'c',
      attached: null,
      stopSignal: 'SIGTERM',
      entrypoint: null,
      command: ['node', 'server.js'],
      address: { host: '172.17.0.2', port: 3000, via: 'container' },
    },
    harness: {
      ratePerSecond: 15,
      unloadedMedianMs: 200,
      latenessMs: { p50: 0.5, p99: 1.5, max: 2 },
      cpuCores: 0.1,
      faults: 0,
      firstFault: null,
    },
    holds: [],
    parking: { mode: null, droppedBecause: null, expectedStatus: null, requests: [] },
    events: [
      { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 12 },
      { action: 'die', signal: null, exitCode: 0, atMs: 1000 },
    ],
    stopReturnedAtMs: 1010,
    stopError: null,
    preStop: null,
    readiness: null,
    sidecars: [],
    signalFromMs: 0,
    signalByMs: 12,
    snapshots: [],
    sockets: [],
    kernel: { kind: 'untraced', because: 'tracefs is not mounted' },
    jobs: [],
    jobsForgotten: 0,
    becameReadyAtMs: null,
    logs: [],
    logLinesDropped: 0,
    exit: {
      running: false,
      exitCode: 0,
      oomKilled: false,
      error: '',
      startedAgain: false,
      health: null,
      healthOutput: '',
      endedEpochMs: null,
      atMs: 1000,
      processEndedAtMs: null,
    },
    t0Us: T0_US,
    rampEndUs: 1_000_000,
    ...changes,
  };
}

/** The same, with parts of its plan changed. */
export function withPlan(changes: Partial<Plan>, load: Partial<Plan['load']> = {}): Observation {
  return observationOf({ plan: { ...PLAN, ...changes, load: { ...PLAN.load, ...load } } });
}

/** A request as a test tells it: times are milliseconds from T0. */
export interface Told {
  readonly sentAt?: number | null;
  readonly endAt: number;
  readonly ending?: keyof typeof ENDING;
  readonly status?: number;
  readonly flags?: readonly (keyof typeof FLAG)[];
  readonly bytes?: number;
  readonly kind?: number;
}

/** A ledger with these requests; unless told otherwise they are answered with 200 and sent 200 ms before their end. */
export function ledgerOf(...requests: readonly Told[]): Ledger {
  const ledger = new Ledger();
  for (const told of requests) {
    const sentAt = told.sentAt === undefined ? told.endAt - 200 : told.sentAt;
    const flags = (told.flags ?? []).reduce((bits, flag) => bits | FLAG[flag], 0);
    const scheduledUs = T0_US + (sentAt ?? told.endAt - 1) * 1000;
    const row = ledger.add(scheduledUs, scheduledUs, told.kind ?? 0, flags);
    if (sentAt !== null) ledger.flag(row, FLAG.sent);
    ledger.endUs[row] = T0_US + told.endAt * 1000;
    if (told.ending === undefined) ledger.firstByteUs[row] = T0_US + told.endAt * 1000;
    ledger.ending[row] = ENDING[told.ending ?? 'answered'];
    ledger.status[row] = told.status ?? (told.ending === undefined ? 200 : 0);
    ledger.bytes[row] = told.bytes ?? 0;
  }
  return ledger;
}

/** So many healthy requests before T0, so that a history of statuses and health is there. */
export function healthy(many = 20): readonly Told[] {
  return Array.from({ length: many }, (_, nth) => ({ endAt: -3000 + nth * 100 }));
}
