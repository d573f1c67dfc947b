import type { LoadPlan } from '../plan/plan.ts';

/** No stop is put off for longer than this, however seldom a kind of request comes. */
const LONGEST_MS = 60_000;
/** Of a rate that is yet to be found it is only known that more than one a second are likely. */
const UNKNOWN_RATE_MS = 1_000;

/**
 * The load with a warm-up that is longer by a time drawn at random, so that the stop falls anywhere in what the load goes
 * through again and again. The schedule is regular: without this all stops under a load would meet the same requests at the
 * same point, and ten of them would be no more than one.
 *
 * @param random from 0 to 1, drawn anew for each run
 */
export function withRandomMoment(load: LoadPlan, random: number): LoadPlan {
  return { ...load, warmupMs: load.warmupMs + Math.round(random * Math.min(LONGEST_MS, cycleMs(load))) };
}

/** How long it takes until each kind of request has had its turn on each sort of connection; of jobs nobody knows it. */
export function cycleMs({ kind, rate, requests, connections, warmupMs }: LoadPlan): number {
  if (kind === 'none') return warmupMs;
  const total = requests.reduce((sum, { share }) => sum + (share ?? 0), 0);
  const betweenMs = rate === 'auto' ? UNKNOWN_RATE_MS : 1000 / rate;
  const periodsMs = requests.map(({ share, everyMs }) => everyMs ?? (betweenMs * total) / (share ?? total));
  return Math.max(...periodsMs) * (connections === 'both' ? 2 : 1);
}
