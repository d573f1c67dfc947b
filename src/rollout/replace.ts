import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import type { RolloutPlan } from '../plan/rollout.ts';
import type { OnProgress } from '../progress.ts';
import { serverName } from './balancer-config.ts';
import type { ServerCounters } from './balancer-stats.ts';
import type { Balancer } from './balancer.ts';
import type { Replacement } from './observation.ts';
import type { Replica, Replicas } from './replica.ts';
import { stopReplica } from './stop-replica.ts';

/** What a replacement is made with. */
export interface RolloutContext {
  readonly plan: RolloutPlan;
  readonly replicas: Replicas;
  readonly balancer: Balancer;
  readonly clock: Clock;
  /** When the roll-out began, microseconds of the clock. */
  readonly beganUs: number;
}

/** For so long the stop waits for requests at the replica; then it happens anyway. */
const BUSY_WAIT_MS = 5_000;
const BUSY_POLL_MS = 2;

/**
 * Replaces a replica: the new one is in when it is ready, and only then the old one is stopped.
 *
 * @param nth from 1; the old one is the balancer's server of this number, and the new one's number is higher by as many as
 *   there are replicas
 * @throws CannotRunError where the new one never gets ready or the old one cannot be stopped; the abort's reason.
 */
export async function replace(
  nth: number,
  old: Replica,
  { plan, replicas, balancer, clock, beganUs }: RolloutContext,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Replacement> {
  const nowMs = (): number => (clock.nowUs() - beganUs) / 1000;
  const tell = (text: string): void =>
    onProgress({ kind: 'stage', stage: 'replace', text: `replica ${nth} of ${plan.replicas}: ${text}` });
  tell('starting the new one');
  const startedAtMs = nowMs();
  const fresh = await replicas.start(abort);
  await balancer.putIn(plan.replicas + nth, fresh.address);
  const readyAtMs = nowMs();
  const atT0 = await untilBusy(nth, balancer, plan.load.minInFlight, clock, abort);
  tell(`stopping the old one with ${plan.graceMs / 1000} s of grace`);
  old.willStop();
  const t0AtMs = nowMs();
  const stopped = await stopReplica(old, nth, plan, balancer, clock, abort);
  const endedAtMs = nowMs();
  await old[Symbol.asyncDispose]();
  return { replica: nth, startedAtMs, readyAtMs, t0AtMs, endedAtMs, ...stopped, atT0 };
}

/** Waits until the server has so many requests; gives its counters of that moment, or of the end of the wait. */
async function untilBusy(
  server: number,
  balancer: Balancer,
  least: number,
  clock: Clock,
  abort: AbortSignal,
): Promise<ServerCounters> {
  const untilUs = clock.nowUs() + BUSY_WAIT_MS * 1000;
  for (;;) {
    const counters = (await balancer.counters()).servers[serverName(server)];
    if (counters === undefined) throw new Error(`HAProxy counts nothing for ${serverName(server)}`);
    if (counters.current >= least || clock.nowUs() > untilUs) return counters;
    await delay(BUSY_POLL_MS, undefined, { signal: abort });
  }
}
