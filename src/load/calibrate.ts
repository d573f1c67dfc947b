import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import type { LoadPlan, RequestPlan } from '../plan/plan.ts';
import { ENDING, Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { isSafe } from '../plan/safe.ts';
import { percentile } from './percentile.ts';

/** What `--rate auto` found. */
export interface Calibration {
  readonly ratePerSecond: number;
  /** Median time of a request that is alone, milliseconds; null where none was answered. */
  readonly unloadedMedianMs: number | null;
  /** How many requests, of up to three, the target serves side by side. */
  readonly together: 1 | 2 | 3;
}

/** For methods that may change something on the other side. */
const MAX_UNSAFE_RATE = 50;
/** Nothing was answered: enough to see whether anything will be. */
const BLIND_RATE = 10;
/** Requests that are grown by more than this (and half a millisecond of noise) wait for each other. */
const GROWN = 1.5;
const NOISE_MS = 0.5;
/** The part of what so few workers can do that leaves no queue behind when an answer is late. */
const QUEUE_FREE_SHARE = 0.6;
/** Each step ends after so long, whatever it has by then; it always has one round. */
const STEP_BUDGET_MS = 250;
/** A request that takes longer than this is timed well enough by one round: what disturbs it is small beside it. */
const SLOW_MS = 50;

/**
 * Finds a rate that keeps about three requests in flight without a queue of our own: it times single requests, then
 * two and three at a time, which no server can mistake for a load. Where the answers to several at a time grow by
 * half, they queue, and the rate stays below what one at a time allows.
 */
export async function calibrate(
  address: TargetAddress,
  plan: LoadPlan,
  clock: Clock,
  abort: AbortSignal,
): Promise<Calibration> {
  const ceiling = autoCeiling(plan.requests);
  // Its rows are not in the ledger that is kept, so it names none.
  const load = new Load(address, { ...plan, requestIdHeader: null }, clock, new Ledger());
  try {
    const coldMs = await slowestOf(1, 2, load, plan, clock, abort);
    // Cold connections and caches make no difference to a request that takes so long, and it is not asked in vain.
    const isSlow = coldMs !== null && coldMs > SLOW_MS;
    const unloadedMedianMs = isSlow ? coldMs : await slowestOf(1, 12, load, plan, clock, abort);
    if (unloadedMedianMs === null)
      return { ratePerSecond: Math.min(BLIND_RATE, ceiling), unloadedMedianMs, together: 1 };
    const together = await servedTogether(unloadedMedianMs, load, plan, clock, abort);
    const perSecond = ((together === 3 ? 3 : QUEUE_FREE_SHARE * together) * 1000) / unloadedMedianMs;
    return { ratePerSecond: Math.min(ceiling, round(perSecond)), unloadedMedianMs, together };
  } finally {
    await load.finish(0);
  }
}

/** The highest rate that is chosen for somebody, requests a second. */
export function autoCeiling(requests: readonly RequestPlan[]): number {
  return requests.every(isSafe) ? DEFAULTS.maxAutoRate : MAX_UNSAFE_RATE;
}

/** How many requests of up to three the target serves side by side, none waiting for another. */
async function servedTogether(
  unloadedMs: number,
  load: Load,
  plan: LoadPlan,
  clock: Clock,
  abort: AbortSignal,
): Promise<1 | 2 | 3> {
  const limitMs = unloadedMs * GROWN + NOISE_MS;
  const rounds = unloadedMs > SLOW_MS ? 1 : 6;
  const three = await slowestOf(3, rounds, load, plan, clock, abort);
  if (three !== null && three <= limitMs) return 3;
  const two = await slowestOf(2, rounds, load, plan, clock, abort);
  return two !== null && two <= limitMs ? 2 : 1;
}

/** Median over rounds of the slowest of `together` requests sent at once, milliseconds; null where none was answered. */
async function slowestOf(
  together: number,
  maxRounds: number,
  load: Load,
  plan: LoadPlan,
  clock: Clock,
  abort: AbortSignal,
): Promise<number | null> {
  const { ledger } = load;
  const untilUs = clock.nowUs() + STEP_BUDGET_MS * 1000;
  const slowestMs: number[] = [];
  for (let round = 0; round < maxRounds && (round === 0 || clock.nowUs() < untilUs); round++) {
    const rows = Array.from({ length: together }, () => load.send());
    await load.settled(plan.requestTimeoutMs, abort);
    abort.throwIfAborted();
    if (rows.every((row) => ledger.ending[row] === ENDING.answered)) slowestMs.push(slowest(ledger, rows));
  }
  return slowestMs.length === 0 ? null : percentile(slowestMs, 0.5);
}

function slowest(ledger: Ledger, rows: readonly number[]): number {
  return Math.max(...rows.map((row) => ((ledger.endUs[row] ?? 0) - (ledger.scheduledUs[row] ?? 0)) / 1000));
}

/** Two significant digits: more would claim a precision that is not there. */
function round(perSecond: number): number {
  return Number(perSecond.toPrecision(2));
}
