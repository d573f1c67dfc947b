import { Agent } from 'undici';

import type { Clock } from '../../clock.ts';
import type { TargetAddress } from '../../engines/engine.ts';
import type { HoldPlan, LoadPlan } from '../../plan/plan.ts';
import { hostPort } from '../transport.ts';
import { tlsOptions } from '../tls.ts';
import { within } from '../within.ts';
import type { Held, HoldContext, HoldFacts } from './held.ts';
import { openSse } from './sse.ts';
import { openWebSocket } from './web-socket.ts';

/** Connections that are held open across the stop. */
export interface Holds extends AsyncDisposable {
  /** In the order of the plan. */
  facts(): readonly HoldFacts[];
  /** Resolves when all have ended, or after `waitMs`. */
  settled(waitMs: number): Promise<void>;
}

/** The app gets so long to accept a connection that is to be held. */
const ACCEPT_WITHIN_MS = 10_000;

/**
 * Opens every connection of `plan.holds`, each on its own connection of HTTP/1.1, and watches them until it is disposed of;
 * what is open then is ended, and the facts go on saying `open` of it.
 *
 * @throws CannotRunError for the first that the app does not accept, with what it answered instead.
 */
export async function openHolds(
  address: TargetAddress,
  plan: LoadPlan,
  clock: Clock,
  abort: AbortSignal,
): Promise<Holds> {
  const tls = tlsOptions(plan);
  const agent = new Agent({
    allowH2: false,
    bodyTimeout: 0,
    headersTimeout: ACCEPT_WITHIN_MS,
    connect: { ...tls, timeout: ACCEPT_WITHIN_MS },
  });
  const headers = withoutBodyHeaders(plan.requests[0]?.headers ?? {});
  const context = { host: hostPort(address), isTls: tls !== null, agent, headers, clock, abort };
  const opened = await Promise.allSettled(plan.holds.map((hold) => open(hold, context)));
  const held = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed) {
    await closeAll(held, agent);
    throw failed.reason;
  }
  return {
    facts: () => held.map(({ facts }) => facts),
    settled: async (waitMs) => await within(waitMs, Promise.all(held.map(({ ended }) => ended))),
    [Symbol.asyncDispose]: () => closeAll(held, agent),
  };
}

function open(hold: HoldPlan, context: HoldContext): Promise<Held> {
  return hold.kind === 'sse' ? openSse(hold, context) : openWebSocket(hold, context);
}

async function closeAll(held: readonly Held[], agent: Agent): Promise<void> {
  for (const one of held) one.stopWatching();
  await Promise.all(held.map((one) => one.end()));
  await agent.destroy();
}

/** The first request may be a POST; what opens a stream has no body, so headers about one would be untrue. */
function withoutBodyHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)));
}
