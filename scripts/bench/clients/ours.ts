import { setTimeout as delay } from 'node:timers/promises';

import { startClock } from '../../../src/clock.ts';
import { ENDING, Ledger } from '../../../src/load/ledger.ts';
import { Load } from '../../../src/load/load.ts';
import type { LoadPlan } from '../../../src/plan/plan.ts';
import { FULL_WARM_MS, type Lateness, MEASURE_MS, type Measured, WARM_MS } from '../jobs.ts';
import { startStopwatch } from './stopwatch.ts';

const PLAN: LoadPlan = {
  kind: 'requests',
  protocol: 'http1',
  tls: null,
  requestIdHeader: null,
  park: 0,
  holds: [],
  rate: 100,
  requests: [{ path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null }],
  expectStatus: null,
  requestTimeoutMs: 30_000,
  warmupMs: 0,
  rampMs: 0,
  connections: 'pooled',
  minInFlight: 1,
};

/** Of what the closed loop reaches: an open loop that is on time has to be able to catch up a little. */
const FULL_SHARE = 0.9;
/** The last part of the warming up, in which the open loop gets up to its rate without falling behind. */
const RAMP_MS = 1500;

const clock = startClock();

/** The program's own load, with its full records, on a port of this machine. */
export function loadOn(port: number, connections: LoadPlan['connections'] = 'pooled'): Load {
  return new Load({ host: '127.0.0.1', port, via: 'container' }, { ...PLAN, connections }, clock, new Ledger());
}

/** Keeps so many requests open, which is as fast as it goes, and measures that. */
export async function measureClosed(load: Load, connections: number): Promise<Measured> {
  load.keepOpen(connections);
  await delay(FULL_WARM_MS);
  return await measure(load);
}

/**
 * An open loop just below what the closed loop has reached a moment ago: saturated, but on schedule. Above it a schedule
 * only opens more and more connections to a server that does not keep up.
 */
export async function measureFullOpen(load: Load, connections: number): Promise<Measured> {
  load.keepOpen(connections);
  await delay((FULL_WARM_MS - RAMP_MS) / 2);
  const fromUs = clock.nowUs();
  await delay((FULL_WARM_MS - RAMP_MS) / 2);
  const toUs = clock.nowUs();
  const ratePerSecond = (answeredBetween(load.ledger, fromUs, toUs) / (toUs - fromUs)) * 1e6 * FULL_SHARE;
  load.keepOpen(0);
  load.start(Math.round(ratePerSecond), RAMP_MS);
  await delay(RAMP_MS);
  return await measure(load);
}

/** An open loop at a rate. */
export async function measureOpen(load: Load, ratePerSecond: number): Promise<Measured> {
  load.start(ratePerSecond, WARM_MS);
  await delay(WARM_MS);
  return await measure(load);
}

async function measure(load: Load): Promise<Measured> {
  const fromUs = clock.nowUs();
  const stopwatch = startStopwatch();
  await delay(MEASURE_MS);
  const took = stopwatch();
  const toUs = clock.nowUs();
  load.stop();
  await load.settled(5000);
  await load.finish(0);
  const requests = answeredBetween(load.ledger, fromUs, toUs);
  return { ...took, requests, faults: load.faults, lateness: latenessOf(load) };
}

function answeredBetween({ ending, endUs, length }: Ledger, fromUs: number, toUs: number): number {
  let answered = 0;
  for (let row = 0; row < length; row++) {
    const atUs = endUs[row] ?? 0;
    if (ending[row] === ENDING.answered && atUs >= fromUs && atUs < toUs) answered++;
  }
  return answered;
}

/** How late requests left, from the start of the load on. */
export function latenessOf({ latenessMs: { p50, p99, max } }: Load): Lateness {
  return { p50Ms: p50, p99Ms: p99, maxMs: max };
}
