import { setTimeout as delay } from 'node:timers/promises';

import type { TargetAddress } from '../engines/engine.ts';
import { type Holds, openHolds } from '../load/hold/hold.ts';
import { isServed } from '../load/is-served.ts';
import { prepareParking, type RunningParking } from '../load/park/parking.ts';
import { tellLoad } from '../load/tell-load.ts';
import { type SteadyLoad, warmUp } from '../load/warm-up.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import { keepInFlight, putInFlight } from '../termination/in-flight.ts';
import type { Watch } from '../witness/watch.ts';
import type { Work, WorkFacts } from './work.ts';

/** So long after the signal parked requests are finished: late enough to be seen waiting, early enough to be answered. */
const FINISH_PARKED_MS = 1000;

/** Opens what is to be held open, and brings the load to its steady rate. */
export async function keepRequests(
  address: TargetAddress,
  plan: Plan,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Work> {
  const holds = await openHolds(address, plan.load, watch.clock, abort);
  try {
    const steady = await warmUp(address, plan, watch, onProgress, abort);
    const parking = prepareParking(address, plan.load, steady.parkTrial, watch.clock, () => isServed(steady.load));
    return requestsAsWork(plan, watch, steady, holds, parking);
  } catch (error) {
    await holds[Symbol.asyncDispose]();
    throw error;
  }
}

function requestsAsWork(plan: Plan, watch: Watch, steady: SteadyLoad, holds: Holds, parking: RunningParking): Work {
  const { load, calibration, rampEndUs } = steady;
  const { ratePerSecond } = load;
  const facts = (): WorkFacts => ({
    ledger: load.ledger,
    rampEndUs,
    harness: {
      ratePerSecond,
      unloadedMedianMs: calibration?.unloadedMedianMs ?? null,
      latenessMs: load.latenessMs,
      cpuCores: load.cpuCores,
      faults: load.faults,
      firstFault: load.firstFault,
    },
    holds: holds.facts(),
    parking: parking.facts(),
    becameReadyAtUs: null,
  });
  return {
    async putUnderWay(abort) {
      await parking.begin(abort);
      await putInFlight(load, calibration, plan, watch.clock, abort);
    },
    tellStop(onProgress, t0Us) {
      // With a hook the signal is still far away.
      if (plan.preStop !== null) load.keepOpen(0);
      return tellLoad(onProgress, 'stop', load, watch.clock, { t0Us, graceMs: plan.graceMs });
    },
    unrouted: (pooled) => load.unroute(pooled),
    beforeSignal: () => keepInFlight(load, calibration, plan),
    signalled(stopped) {
      load.keepOpen(0);
      void finishParked(parking, plan.graceMs, stopped).catch(() => {});
    },
    cease: () => load.stop(),
    async facts(waitMs) {
      await Promise.all([load.finish(waitMs), ...[parking, holds].map((one) => one.settled(waitMs))]);
      return facts();
    },
    async [Symbol.asyncDispose]() {
      load.stop();
      await load.finish(0);
      parking[Symbol.dispose]();
      await holds[Symbol.asyncDispose]();
    },
  };
}

/** After the signal, and well within the grace period, the app gets the rest of what was parked. */
async function finishParked(parking: RunningParking, graceMs: number, stopped: AbortSignal): Promise<void> {
  await delay(Math.min(FINISH_PARKED_MS, graceMs / 4), undefined, { signal: stopped });
  await parking.finishAll();
}
