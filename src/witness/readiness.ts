import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReadinessWord } from '../observation.ts';
import { isAnswer, openProbe } from '../probe.ts';
import type { Seen } from './watch.ts';

/** Orchestrators ask every few seconds; asked more often, it can be told when it turned. */
const EVERY_MS = 250;
const ATTEMPT_MS = 1_000;

/** What the ready path said; the time is that of the question. */
export type SeenReadiness = Seen<{ readonly said: ReadinessWord }>;

/**
 * Asks the ready path on, from now until `stopped`. Gives the answers that differ from the one before, and the last one.
 * Null where nobody asks: in the profile of `docker stop`, and where the load asks that very path itself.
 */
export async function watchReadiness(
  address: TargetAddress | null,
  plan: Plan,
  clock: Clock,
  stopped: AbortSignal,
): Promise<readonly SeenReadiness[] | null> {
  const isLoads = plan.readyPort === null && plan.readyPath === plan.load.requests[0]?.path;
  if (address === null || plan.profile === 'docker' || isLoads) return null;
  const seen: SeenReadiness[] = [];
  await using probe = openProbe(address, plan, clock);
  while (!stopped.aborted) {
    const atUs = clock.nowUs();
    // What could never be spoken to was told before the load; after T0 it is one more way of not being ready.
    const said = await probe.ask(ATTEMPT_MS, stopped).then(wordOf, () => 'nothing' as const);
    if (stopped.aborted) break;
    keep(seen, { atUs, said });
    await delay(EVERY_MS, undefined, { signal: stopped }).catch(() => null);
  }
  return seen;
}

function wordOf(notReadyBecause: string | null): ReadinessWord {
  if (notReadyBecause === null) return 'ready';
  return isAnswer(notReadyBecause) ? 'notReady' : 'nothing';
}

/** Keeps the first and the last of those that are alike. */
function keep(seen: SeenReadiness[], next: SeenReadiness): void {
  const isMore = seen.length > 1 && seen.slice(-2).every(({ said }) => said === next.said);
  if (isMore) seen.pop();
  seen.push(next);
}
