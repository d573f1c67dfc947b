import { setTimeout as delay } from 'node:timers/promises';

import type { Companion } from '../companions/start.ts';
import type { Target, TargetAddress } from '../engines/engine.ts';
import type { Plan } from '../plan/plan.ts';
import { shortPreStop } from '../plan/pre-stop.ts';
import type { OnProgress } from '../progress.ts';
import { type SeenReadiness, watchReadiness } from '../witness/readiness.ts';
import { lookAtProcesses, lookWhileStopping, type SeenProcesses } from '../witness/snapshots.ts';
import { type SeenSockets, type SocketTrial, trySockets, watchSockets } from '../witness/sockets.ts';
import type { Watch } from '../witness/watch.ts';
import type { Work } from '../at-work/work.ts';
import { performSequence } from './perform.ts';
import type { OnSignal, Performed } from './sequence.ts';
import { type SeenSidecar, stopSidecars } from './sidecars.ts';

/** What is stopped, and where it is asked. */
export interface Stopping {
  readonly target: Target;
  readonly plan: Plan;
  readonly work: Work;
  readonly watch: Watch;
  /** Where the ready path is asked; null where nothing is. */
  readonly readyAddress: TargetAddress | null;
  /** Where a preStop hook that is a GET goes; null where there is none. */
  readonly hookAddress: TargetAddress | null;
  /** In the order in which they were started. */
  readonly sidecars: readonly Companion[];
}

/** What was done to the target, and when. Microseconds of the run's clock. */
export interface Stop extends Performed {
  readonly t0Us: number;
  /** T0 by the calendar, milliseconds since 1970. */
  readonly t0EpochMs: number;
  /** The signal was not sent before. Where the target ended before it, its end. */
  readonly signalFromUs: number;
  /** The signal had been sent by then. */
  readonly signalByUs: number;
  readonly returnedUs: number;
  readonly snapshots: readonly SeenProcesses[];
  readonly sockets: readonly SeenSockets[];
  /** null where nobody asked. */
  readonly readiness: readonly SeenReadiness[] | null;
  readonly sidecars: readonly SeenSidecar[];
}

/** The moment of the signal, and the time that is left from there until SIGKILL. */
interface Signalling {
  readonly fromUs: number;
  readonly leftMs: number;
}

/**
 * Stops the target by the sequence of its profile, while its work goes on.
 *
 * @throws the abort's reason, when there is one before the stop is over.
 */
export async function stopMidFlight(stopping: Stopping, onProgress: OnProgress, abort: AbortSignal): Promise<Stop> {
  const { target, plan, work, watch, sidecars } = stopping;
  const { clock } = watch;
  const before = await lookAtProcesses(target, clock);
  const trial = await trySockets(target, clock);
  await work.putUnderWay(abort);
  onProgress({ kind: 'stage', stage: 'stop', text: `stopping with ${plan.graceMs / 1000} s of grace` });
  const over = new AbortController();
  const t0Us = clock.nowUs();
  const t0EpochMs = Date.now();
  using _ = work.tellStop(onProgress, t0Us);
  const signalling = Promise.withResolvers<Signalling | null>();
  const ended = perform(stopping, onProgress, abort, (leftMs) => {
    work.beforeSignal();
    signalling.resolve({ fromUs: clock.nowUs(), leftMs });
  }).then((performed) => ({ ...performed, returnedUs: clock.nowUs() }));
  void ended.finally(() => (over.abort(), signalling.resolve(null))).catch(() => {});
  void endRouting(plan, work, over.signal).catch(() => {});
  const turns = { clock, t0Us, graceMs: plan.graceMs, targetEnded: watch.died };
  const [performed, sidecarsSeen, seen] = await Promise.all([
    ended,
    stopSidecars(sidecars, turns, abort),
    watchStop(stopping, trial, { signalling: signalling.promise, ended, stopped: over.signal }),
  ]);
  const snapshots = before ? [before, ...seen.snapshots] : seen.snapshots;
  // The engine's own stop sends it as soon as it can.
  const signalFromUs = plan.profile === 'docker' ? t0Us : seen.signalFromUs;
  return { t0Us, t0EpochMs, ...performed, ...seen, signalFromUs, snapshots, sidecars: sidecarsSeen };
}

/** What the watchers of a stop go by. */
interface Course {
  /** Resolves when the signal is about to be sent; with null where none is. */
  readonly signalling: Promise<Signalling | null>;
  readonly ended: Promise<unknown>;
  /** Aborted when it is over. */
  readonly stopped: AbortSignal;
}

/** All that is seen of the target while it is stopped, but for what its engine and its output tell. */
async function watchStop(
  { target, plan, work, watch, readyAddress }: Stopping,
  trial: SocketTrial,
  { signalling, ended, stopped }: Course,
): Promise<Pick<Stop, 'signalFromUs' | 'signalByUs' | 'snapshots' | 'sockets' | 'readiness'>> {
  const { clock } = watch;
  const signalled = signalling.then(async (signal) => {
    await untilSignalled(target, watch, ended, signal?.fromUs);
    if (signal !== null) work.signalled(stopped);
    const byUs = clock.nowUs();
    return { fromUs: signal?.fromUs ?? byUs, byUs, leftMs: signal?.leftMs ?? 0 };
  });
  const looks = signalled.then(({ leftMs }) => lookWhileStopping(target, clock, leftMs, stopped));
  const [signal, snapshots, sockets, readiness] = await Promise.all([
    signalled,
    looks,
    watchSockets(target, clock, trial, signalling, stopped),
    watchReadiness(readyAddress, plan, clock, stopped),
  ]);
  return { signalFromUs: signal.fromUs, signalByUs: signal.byUs, snapshots, sockets, readiness };
}

/** The steps of the plan's profile; of a pod's, which come one by one, each is told. */
async function perform(
  { target, plan, watch, hookAddress }: Stopping,
  onProgress: OnProgress,
  abort: AbortSignal,
  onSignal: OnSignal,
): Promise<Performed> {
  const context = { target, address: hookAddress, clock: watch.clock, died: watch.died };
  if (plan.profile === 'docker') return await performSequence(context, plan, onSignal, abort);
  if (plan.preStop !== null)
    onProgress({ kind: 'stage', stage: 'stop', text: `preStop ${shortPreStop(plan.preStop)}` });
  return await performSequence(context, plan, tellSignal(target, onProgress, onSignal), abort);
}

function tellSignal({ stopSignal }: Target, onProgress: OnProgress, onSignal: OnSignal): OnSignal {
  return (leftMs) => {
    onSignal(leftMs);
    const text = `${stopSignal}, with ${(leftMs / 1000).toFixed(1)} s of grace left`;
    onProgress({ kind: 'stage', stage: 'stop', text });
  };
}

/** Proxies and load balancers hear of the stop later than the container does. */
async function endRouting(plan: Plan, work: Work, stopped: AbortSignal): Promise<void> {
  if (plan.profile === 'docker') return;
  await delay(plan.routingLagMs, undefined, { signal: stopped });
  work.unrouted(plan.pooledAfterLag);
}

/** Resolves when the signal was sent: with the engine's event, or what can only come after it. */
async function untilSignalled(
  target: Target,
  watch: Watch,
  ended: Promise<unknown>,
  sentUs: number | undefined,
): Promise<void> {
  // One that somebody else sent before is none of ours.
  const event = watch.first(({ action, signal }) => action === 'kill' && signal === target.stopSignal, sentUs);
  await Promise.race([event, watch.died, ended]);
}
