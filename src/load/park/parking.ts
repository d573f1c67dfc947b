import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../../clock.ts';
import type { TargetAddress } from '../../engines/engine.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import type { ParkedFacts } from './ending.ts';
import type { ParkMode } from './half-sent.ts';
import { closingOn, letGo } from './let-go.ts';
import { park, type Parked } from './parked.ts';
import type { ParkTrial } from './try-park.ts';

/** A busy app gets so long to accept a parked request and read what there is of it: unread, it would not be in its hands. */
const READ_WITHIN_MS = 200;

/** What was seen of the requests that were to be parked. */
export interface ParkingFacts {
  /** Where they stopped half-way; null where nothing was parked. */
  readonly mode: ParkMode | null;
  /** Why nothing was parked; null where something was, or nothing was asked for. */
  readonly droppedBecause: string | null;
  /** What the trial was answered with; null where nothing was parked. */
  readonly expectedStatus: number | null;
  readonly requests: readonly ParkedFacts[];
}

/** The parked requests of one run; disposing of it ends those that are open. */
export interface RunningParking extends Disposable {
  /**
   * Parks the requests, and resolves when the app has had time to read the first half of each. Where they keep it from
   * serving others (there are as many workers, each waiting for one), they are finished at once and dropped.
   */
  begin(abort: AbortSignal): Promise<void>;
  /** Sends the rest of each. */
  finishAll(): Promise<void>;
  /** Resolves when all have ended, or after `waitMs`. */
  settled(waitMs: number): Promise<void>;
  facts(): ParkingFacts;
}

/**
 * Parks as many requests as the plan says, in the way that the trial found; none where there was none to find.
 *
 * @param ask Sends an ordinary request, and tells whether it was answered in reasonable time.
 */
export function prepareParking(
  address: TargetAddress,
  plan: LoadPlan,
  trial: ParkTrial | null,
  clock: Clock,
  ask: () => Promise<boolean>,
): RunningParking {
  const expectedStatus = trial && 'mode' in trial ? trial.status : null;
  let mode = trial && 'mode' in trial ? trial.mode : null;
  let droppedBecause = trial && 'droppedBecause' in trial ? trial.droppedBecause : null;
  let parked: Parked | null = null;
  const begin = async (abort: AbortSignal): Promise<void> => {
    if (mode === null) return;
    parked = park(address, plan, mode, plan.park, clock);
    await parked.begun();
    await delay(READ_WITHIN_MS, undefined, { signal: abort });
    if (await ask()) return;
    await letGo(parked);
    droppedBecause = `the app answers nothing else while ${plan.park} requests wait to be finished`;
    [mode, parked] = [null, null];
  };
  return {
    // A frozen app keeps a connection waiting for minutes; closing it ends the wait.
    begin: async (abort) =>
      await closingOn(
        abort,
        () => parked?.close(),
        () => begin(abort),
      ),
    finishAll: async () => await parked?.finishAll(),
    settled: async (waitMs) => await parked?.settled(waitMs),
    facts: () => ({ mode, droppedBecause, expectedStatus, requests: parked?.facts() ?? [] }),
    [Symbol.dispose]: () => parked?.close(),
  };
}
