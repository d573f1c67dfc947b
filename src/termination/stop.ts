import { setTimeout as delay } from 'node:timers/promises';

import type { Target } from '../engines/engine.ts';
import type { Load } from '../load/load.ts';
import type { RunningParking } from '../load/park/parking.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import type { SteadyLoad } from '../load/warm-up.ts';
import { tellLoad } from '../load/tell-load.ts';
import { lookAtProcesses, lookWhileStopping, type SeenProcesses } from '../witness/snapshots.ts';
import { type SeenSockets, watchSockets } from '../witness/sockets.ts';
import type { Watch } from '../witness/watch.ts';
import { putInFlight } from './in-flight.ts';

/** So long after the signal parked requests are finished: late enough to be seen waiting, early enough to be answered. */
const FINISH_PARKED_MS = 1000;

/** What was done to the target, and when. Microseconds of the run's clock. */
export interface Stop {
  readonly t0Us: number;
  /** T0 by the calendar, milliseconds since 1970. */
  readonly t0EpochMs: number;
  /** The signal had been sent by then. */
  readonly signalByUs: number;
  readonly returnedUs: number;
  readonly error: unknown;
  readonly snapshots: readonly SeenProcesses[];
  readonly sockets: readonly SeenSockets[];
  readonly ratePerSecond: number;
}

/**
 * Stops the target through its engine, which escalates by itself, while the load goes on.
 *
 * @throws the abort's reason, when there is one before the engine's stop returns.
 */
export async function stopMidFlight(
  target: Target,
  plan: Plan,
  { load, calibration }: SteadyLoad,
  parking: RunningParking,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Stop> {
  const { clock } = watch;
  const { ratePerSecond } = load;
  // The first reading of the sockets takes longest; it is made where nothing is timed yet.
  const [before] = await Promise.all([lookAtProcesses(target, clock), target.sockets()]);
  await parking.begin(abort);
  await putInFlight(load, calibration, plan, clock, abort);
  onProgress({ kind: 'stage', stage: 'stop', text: `stopping with ${plan.graceMs / 1000} s of grace` });
  const over = new AbortController();
  const t0Us = clock.nowUs();
  const t0EpochMs = Date.now();
  using _ = tellLoad(onProgress, 'stop', load, clock, { t0Us, graceMs: plan.graceMs });
  const socketsSeen = watchSockets(target, clock, plan.graceMs, over.signal);
  const ended = untilStopped(target, plan.graceMs, abort).then((error) => ({ error, returnedUs: clock.nowUs() }));
  const signalled = untilSignalled(target, load, watch, ended);
  const looks = signalled.then(() => lookWhileStopping(target, clock, plan.graceMs, over.signal));
  void ended.finally(() => over.abort()).catch(() => {});
  void signalled.then(() => finishParked(parking, plan.graceMs, over.signal)).catch(() => {});
  const [{ error, returnedUs }, signalByUs, after, sockets] = await Promise.all([ended, signalled, looks, socketsSeen]);
  return {
    t0Us,
    t0EpochMs,
    signalByUs,
    returnedUs,
    error,
    snapshots: before ? [before, ...after] : after,
    sockets,
    ratePerSecond,
  };
}

/** After the signal, and well within the grace period, the app gets the rest of what was parked. */
async function finishParked(parking: RunningParking, graceMs: number, stopped: AbortSignal): Promise<void> {
  await delay(Math.min(FINISH_PARKED_MS, graceMs / 4), undefined, { signal: stopped });
  await parking.finishAll();
}

/** The engine's stop; resolves with its error, null for none. It cannot be taken back, so an abort only leaves it. */
async function untilStopped(target: Target, graceMs: number, abort: AbortSignal): Promise<unknown> {
  abort.throwIfAborted();
  const stopped = target.stop(graceMs).then(
    () => null,
    (error: unknown) => error,
  );
  const aborted = Promise.withResolvers<never>();
  const leave = (): void => aborted.reject(abort.reason as Error);
  abort.addEventListener('abort', leave, { once: true });
  return await Promise.race([stopped, aborted.promise]).finally(() => abort.removeEventListener('abort', leave));
}

/** Resolves with the time by which the signal was sent: the engine's event, or what can only come after it. */
async function untilSignalled(target: Target, load: Load, watch: Watch, ended: Promise<unknown>): Promise<number> {
  const event = watch.first(({ action, signal }) => action === 'kill' && signal === target.stopSignal);
  await Promise.race([event, watch.died, ended]);
  load.keepOpen(0);
  return watch.clock.nowUs();
}
