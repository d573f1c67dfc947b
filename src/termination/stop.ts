import type { Target } from '../engines/engine.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import { lookAtProcesses, lookWhileStopping, type SeenProcesses } from '../witness/snapshots.ts';
import { type SeenSockets, trySockets, watchSockets } from '../witness/sockets.ts';
import type { Watch } from '../witness/watch.ts';
import type { Work } from '../at-work/work.ts';

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
}

/**
 * Stops the target through its engine, which escalates by itself, while its work goes on.
 *
 * @throws the abort's reason, when there is one before the engine's stop returns.
 */
export async function stopMidFlight(
  target: Target,
  plan: Plan,
  work: Work,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Stop> {
  const { clock } = watch;
  const before = await lookAtProcesses(target, clock);
  const trial = await trySockets(target, clock);
  await work.putUnderWay(abort);
  onProgress({ kind: 'stage', stage: 'stop', text: `stopping with ${plan.graceMs / 1000} s of grace` });
  const over = new AbortController();
  const t0Us = clock.nowUs();
  const t0EpochMs = Date.now();
  using _ = work.tellStop(onProgress, t0Us);
  const socketsSeen = watchSockets(target, clock, trial, plan.graceMs, over.signal);
  const ended = untilStopped(target, plan.graceMs, abort).then((error) => ({ error, returnedUs: clock.nowUs() }));
  const signalled = untilSignalled(target, watch, ended);
  const looks = signalled.then(() => lookWhileStopping(target, clock, plan.graceMs, over.signal));
  void ended.finally(() => over.abort()).catch(() => {});
  void signalled.then(() => work.signalled(over.signal)).catch(() => {});
  const [{ error, returnedUs }, signalByUs, after, sockets] = await Promise.all([ended, signalled, looks, socketsSeen]);
  return {
    t0Us,
    t0EpochMs,
    signalByUs,
    returnedUs,
    error,
    snapshots: before ? [before, ...after] : after,
    sockets,
  };
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
async function untilSignalled(target: Target, watch: Watch, ended: Promise<unknown>): Promise<number> {
  const event = watch.first(({ action, signal }) => action === 'kill' && signal === target.stopSignal);
  await Promise.race([event, watch.died, ended]);
  return watch.clock.nowUs();
}
