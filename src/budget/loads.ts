import { autoCeiling } from '../load/calibrate.ts';
import type { RunRecord } from '../result.ts';

/** Fewer in flight at the rate that was found, and the app answers one after the other: it was found to leave no queue. */
const SIDE_BY_SIDE = 2;
/** What such an app is given at most: nine tenths of what it can do, where `auto` stays at six. */
const SERIAL_FACTOR = 1.5;

/**
 * The rates of a budget that was given none, by what its first run found: that one, twice and half of it. Half more takes
 * the place of twice for an app that answers one after the other, where twice would be more than it can do, and the drain
 * that of a queue of our own. No rate is above what `auto` goes up to.
 */
export function loadsFrom({ plan, observation }: RunRecord): readonly number[] {
  const { ratePerSecond, resolved } = plan;
  const { unloadedMedianMs } = observation.harness;
  const inFlight = unloadedMedianMs === null ? Infinity : (ratePerSecond * unloadedMedianMs) / 1000;
  const ceiling = autoCeiling(resolved.load.requests);
  // At the ceiling it tells nothing that few are in flight.
  const factor = inFlight < SIDE_BY_SIDE && ratePerSecond < ceiling ? SERIAL_FACTOR : 2;
  const higher = Math.min(ceiling, ratePerSecond * factor);
  return [...new Set([ratePerSecond, short(higher), short(ratePerSecond / 2)])];
}

function short(ratePerSecond: number): number {
  return Number(ratePerSecond.toPrecision(3));
}
