import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import type { Calibration } from '../load/calibrate.ts';
import type { Load } from '../load/load.ts';
import type { Plan } from '../plan/plan.ts';
import { isSafe } from '../plan/safe.ts';

/** For so long the stop waits for requests in flight; then it happens anyway. */
const WAIT_MS = 5000;
/** The engine's signal takes some tens of milliseconds; a request that takes longer than this outlives that. */
const SLOW_MS = 100;

/** What has to be in flight before the stop. */
interface Wanted {
  readonly count: number;
  /** Whether requests beside the schedule keep that many open: only where the rate is ours, and they change nothing. */
  readonly keepOpen: boolean;
  /** At least one of them this young, so that it is still open when the signal comes. */
  readonly youngerThanMs: number;
}

/**
 * Waits until requests are in flight, and where the rate is ours to choose keeps them so: the engine takes tens of
 * milliseconds to send the signal, and a fast target would have answered everything by then. `load.keepOpen(0)` ends
 * that.
 */
export async function putInFlight(
  load: Load,
  calibration: Calibration | null,
  plan: Plan,
  clock: Clock,
  abort: AbortSignal,
): Promise<void> {
  const { count, youngerThanMs } = wantedInFlight(plan, calibration);
  keepInFlight(load, calibration, plan);
  const untilUs = clock.nowUs() + WAIT_MS * 1000;
  while (load.inFlight < count || load.youngestMs > youngerThanMs) {
    if (clock.nowUs() > untilUs) return;
    await delay(1, undefined, { signal: abort });
  }
}

/** The same without waiting for it. */
export function keepInFlight(load: Load, calibration: Calibration | null, plan: Plan): void {
  const { count, keepOpen } = wantedInFlight(plan, calibration);
  if (keepOpen) load.keepOpen(count);
}

/**
 * A target that serves requests side by side gets two more than the least: one may be ending and one not yet written.
 * A fast one that serves them one by one gets one more. A slow one gets none, for it would only wait in a queue of
 * ours; there a young request does.
 */
function wantedInFlight({ load }: Plan, calibration: Calibration | null): Wanted {
  const count = load.minInFlight;
  if (calibration?.unloadedMedianMs == null || !load.requests.every(isSafe))
    return { count, keepOpen: false, youngerThanMs: Infinity };
  const { together, unloadedMedianMs } = calibration;
  if (together > 1) return { count: count + 2, keepOpen: true, youngerThanMs: Infinity };
  if (unloadedMedianMs < SLOW_MS) return { count: count + 1, keepOpen: true, youngerThanMs: Infinity };
  return { count, keepOpen: true, youngerThanMs: unloadedMedianMs / 4 };
}
