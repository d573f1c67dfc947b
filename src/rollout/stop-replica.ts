import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { assertStopped, exitOf } from '../observe.ts';
import type { RolloutPlan } from '../plan/rollout.ts';
import { stopByEngine } from '../termination/docker-stop.ts';
import { stopPod } from '../termination/pod-stop.ts';
import type { OnSignal, Performed } from '../termination/sequence.ts';
import type { Balancer } from './balancer.ts';
import type { Replacement } from './observation.ts';
import type { Replica } from './replica.ts';

/** What was seen of a replica's stop; times are from its T0. */
type Stopped = Pick<
  Replacement,
  'preStop' | 'signalledAtMs' | 'unroutedAtMs' | 'stopReturnedAtMs' | 'stopError' | 'events' | 'exit'
>;

/**
 * Stops a replica by the sequence of the plan's profile, and tells the balancer of it as late as it would hear. Resolves
 * when the replica has ended and the balancer gives it nothing any more.
 *
 * @throws CannotRunError where it cannot be stopped; the abort's reason.
 */
export async function stopReplica(
  replica: Replica,
  server: number,
  plan: RolloutPlan,
  balancer: Balancer,
  clock: Clock,
  abort: AbortSignal,
): Promise<Stopped> {
  const t0Us = clock.nowUs();
  const sinceMs = (us: number): number => (us - t0Us) / 1000;
  const nowMs = (): number => sinceMs(clock.nowUs());
  let signalledAtMs: number | null = null;
  const onSignal = (): void => void (signalledAtMs = nowMs());
  const [[stop, stopReturnedAtMs], unroutedAtMs] = await Promise.all([
    perform(replica, plan, clock, onSignal, abort).then((performed) => [performed, nowMs()] as const),
    unroute(server, balancer, plan.routingLagMs, abort).then(nowMs),
  ]);
  const exit = await exitOf(replica.target, replica.watch);
  assertStopped(plan, exit, stop.error);
  const events = replica.watch.events.filter(({ atUs }) => atUs >= t0Us);
  const died = events.find(({ action }) => action === 'die');
  return {
    preStop: stop.preStop && preStopOf(stop.preStop, sinceMs),
    signalledAtMs,
    unroutedAtMs,
    stopReturnedAtMs,
    stopError: stop.error === null ? null : messageOf(stop.error),
    events: events.map(({ atUs, ...event }) => ({ ...event, atMs: sinceMs(atUs) })),
    exit: { ...exit, atMs: died === undefined ? stopReturnedAtMs : sinceMs(died.atUs) },
  };
}

/** The steps of the plan's profile. */
async function perform(
  { target, watch, hookAddress }: Replica,
  plan: RolloutPlan,
  clock: Clock,
  onSignal: OnSignal,
  abort: AbortSignal,
): Promise<Performed> {
  if (plan.profile === 'docker') return await stopByEngine(target, plan.graceMs, onSignal, abort);
  return await stopPod({ target, address: hookAddress, clock, died: watch.died }, plan, onSignal, abort);
}

/** Tells the balancer that the server is leaving, when it would hear of that. */
async function unroute(server: number, balancer: Balancer, lagMs: number, abort: AbortSignal): Promise<void> {
  if (lagMs > 0) await delay(lagMs, undefined, { signal: abort });
  await balancer.drain(server);
}

function preStopOf(
  { end, because, endedAtUs }: NonNullable<Performed['preStop']>,
  sinceMs: (us: number) => number,
): Replacement['preStop'] {
  return { end, because, endedAtMs: sinceMs(endedAtUs) };
}
