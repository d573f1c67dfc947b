import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../../clock.ts';
import type { TargetAddress } from '../../engines/engine.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import type { ParkedFacts } from './ending.ts';
import type { ParkMode } from './half-sent.ts';
import { closingOn, letGo } from './let-go.ts';
import { park, type Parked } from './parked.ts';

/** Whether requests can be parked at the app: how, and the status it then answers; or why not, a fragment of a sentence. */
export type ParkTrial =
  { readonly mode: ParkMode; readonly status: number | null } | { readonly droppedBecause: string };

/** A trial is held at least so long, and twice as long as the app takes for an ordinary request. */
const HELD_MS = 600;
/** From here on an answer says that the app failed. */
const FIRST_FAILURE = 500;

/**
 * Parks one request to see what the app does about it: inside its body where it has one, else, or where the app does
 * not wait for that, inside its headers.
 *
 * @param ask Sends an ordinary request, and tells whether it was answered in reasonable time.
 * @throws What `abort` was given as its reason.
 */
export async function tryPark(
  address: TargetAddress,
  plan: LoadPlan,
  clock: Clock,
  ask: () => Promise<boolean>,
  abort: AbortSignal,
): Promise<ParkTrial> {
  const modes: readonly ParkMode[] = plan.requests[0]?.body ? ['body', 'headers'] : ['headers'];
  let trial: ParkTrial = { droppedBecause: 'nothing was tried' };
  for (const mode of modes) {
    trial = await tryMode(mode, park(address, plan, mode, 1, clock), plan, clock, ask, abort);
    if ('mode' in trial) return trial;
  }
  return trial;
}

async function tryMode(
  mode: ParkMode,
  parked: Parked,
  plan: LoadPlan,
  clock: Clock,
  ask: () => Promise<boolean>,
  abort: AbortSignal,
): Promise<ParkTrial> {
  return await closingOn(
    abort,
    () => parked.close(),
    async () => {
      await parked.begun();
      const isServed = await heldWhile(ask, clock, abort);
      const trial = whatOf(parked.facts()[0], isServed) ?? (await finished(mode, parked, plan));
      await letGo(parked);
      return trial;
    },
  ).finally(() => parked.close());
}

/** Why the trial shows already that nothing can be parked; null where it is to be finished. */
function whatOf(facts: ParkedFacts | undefined, isServed: boolean): ParkTrial | null {
  const early = whyNotOpen(facts);
  if (early !== null) return { droppedBecause: early };
  return isServed
    ? null
    : { droppedBecause: 'the app answers nothing else while it waits for the rest of one request' };
}

async function finished(mode: ParkMode, parked: Parked, plan: LoadPlan): Promise<ParkTrial> {
  await parked.finishAll();
  await parked.settled(plan.requestTimeoutMs);
  const { ending, status } = parked.facts()[0] ?? { ending: 'open', status: null };
  if (ending !== 'answered') return { droppedBecause: 'the app does not answer a request whose last part comes late' };
  if ((status ?? 0) >= FIRST_FAILURE)
    return { droppedBecause: `the app answers ${status} to a request whose last part comes late` };
  return { mode, status };
}

/** Whether the app served another request meanwhile. Then it also gets the time to answer the parked one early. */
async function heldWhile(ask: () => Promise<boolean>, clock: Clock, abort: AbortSignal): Promise<boolean> {
  const sinceUs = clock.nowUs();
  if (!(await ask())) return false;
  const tookMs = (clock.nowUs() - sinceUs) / 1000;
  await delay(Math.max(HELD_MS - tookMs, tookMs), undefined, { signal: abort });
  return true;
}

function whyNotOpen(facts: ParkedFacts | undefined): string | null {
  if (!facts || facts.ending === 'open') return null;
  if (facts.ending === 'refused') return 'no connection could be made for it';
  const afterMs = Math.round(((facts.endedAtUs ?? facts.openedAtUs) - facts.openedAtUs) / 1000);
  if (facts.status === null) return `the app ends the connection of an unfinished request after ${afterMs} ms`;
  return `the app answers ${facts.status} after ${afterMs} ms, before it has the whole request`;
}
