import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import { autoCeiling } from '../load/calibrate.ts';
import { ENDING } from '../load/ledger.ts';
import type { Load } from '../load/load.ts';
import { bringUp, findRate, type SteadyLoad } from '../load/warm-up.ts';
import type { HarnessFacts } from '../observation.ts';
import type { RolloutPlan } from '../plan/rollout.ts';
import type { OnProgress } from '../progress.ts';
import type { RowHeader } from './balancer-config.ts';

/** Where the plan names no header of its own, the balancer takes this one away before the app would get it. */
const ROW_HEADER = 'x-shutdown-check-row';

/** The header by which the balancer knows each request. */
export function rowHeaderOf({ load }: RolloutPlan): RowHeader {
  return load.requestIdHeader === null
    ? { name: ROW_HEADER, isFor: 'balancer' }
    : { name: load.requestIdHeader, isFor: 'app' };
}

/**
 * Brings users to the balancer. Where the rate is `auto`, each replica gets what one takes without a queue: asked alone,
 * for through the balancer even apps that serve one by one would seem to serve side by side.
 */
export async function bringUsers(
  to: TargetAddress,
  oneReplica: TargetAddress,
  plan: RolloutPlan,
  clock: Clock,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<SteadyLoad> {
  const ofOne = await findRate(oneReplica, plan, clock, onProgress, abort);
  const ofAll = ofOne && {
    ...ofOne,
    // Two significant digits times a small number have no more than three; what is beyond is the machine's.
    ratePerSecond: Math.min(
      autoCeiling(plan.load.requests),
      Number((ofOne.ratePerSecond * plan.replicas).toPrecision(3)),
    ),
  };
  const load = { ...plan.load, requestIdHeader: rowHeaderOf(plan).name };
  return await bringUp(to, { ...plan, load }, ofAll, clock, onProgress, abort);
}

/** Sends no more, and waits until everybody has been answered or has waited long enough. */
export async function sendHome(load: Load, requestTimeoutMs: number, abort: AbortSignal): Promise<void> {
  load.stop();
  await load.settled(requestTimeoutMs, abort);
  abort.throwIfAborted();
  const { ledger } = load;
  for (let row = 0; row < ledger.length; row++) if (ledger.ending[row] === ENDING.open) load.giveUp(row);
  await load.finish(0);
}

export function harnessFacts({ load, calibration }: SteadyLoad, ratePerSecond: number): HarnessFacts {
  return {
    ratePerSecond,
    unloadedMedianMs: calibration?.unloadedMedianMs ?? null,
    latenessMs: load.latenessMs,
    cpuCores: load.cpuCores,
    faults: load.faults,
    firstFault: load.firstFault,
  };
}
