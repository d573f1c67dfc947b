import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { assertStopped, exitOf } from '../observe.ts';
import type { RolloutPlan } from '../plan/rollout.ts';
import { performSequence } from '../termination/perform.ts';
import type { Performed } from '../termination/sequence.ts';
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
  const { target, watch } = replica;
  const t0Us = clock.nowUs();
  const sinceMs = (us: number): number => (us - t0Us) / 1000;
  const nowMs = (): number => sinceMs(clock.nowUs());
  let signalledAtMs: number | null = null;
  const context = { target, address: replica.hookAddress, clock, died: watch.died };
  const onSignal = (): void => void (signalledAtMs = nowMs());
  const [[stop, stopReturnedAtMs], unroutedAtMs] = await Promise.all([
    performSequence(context, plan, onSignal, abort).then((performed) => [performed, nowMs()] as const),
    unroute(server, balancer, plan.routingLagMs, abort).then(nowMs),
  ]);
  const exit = await exitOf(target, watch);
  assertStopped(plan, exit, stop.error);
  const events = watch.events.filter(({ atUs }) => atUs >= t0Us);
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
