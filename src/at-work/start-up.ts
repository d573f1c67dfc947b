import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import type { Plan } from '../plan/plan.ts';
import { openProbe, type Probe } from '../probe.ts';
import type { OnProgress } from '../progress.ts';
import type { Watch } from '../witness/watch.ts';
import { SILENT, type Work, withoutRequests } from './work.ts';

/** The ready path is asked so often, and each answer waited for so long. */
const POLL_MS = 50;
const ATTEMPT_MS = 1000;
/** The processes are looked at so long before the stop, so that it comes when it was asked for. */
const LOOK_MS = 150;

/** What the probe has seen so far. */
interface Seen {
  becameReadyAtUs: number | null;
  /** Why it can never be spoken to as the plan says. After the stop has begun that says nothing, and is left. */
  hopeless: Error | null;
}

/**
 * A target that is still starting when it is stopped: its ready path is asked all the time, to tell when it becomes
 * ready. The run's clock began at its start.
 *
 * @param address null where it takes no requests: then nobody asks.
 * @throws CannotRunError when it can never be spoken to as the plan says; the abort's reason.
 */
export async function watchStartUp(
  address: TargetAddress | null,
  plan: Plan,
  stopAfterMs: number,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Work> {
  onProgress({ kind: 'stage', stage: 'ready', text: `letting it start for ${stopAfterMs / 1000} s` });
  const over = new AbortController();
  const seen: Seen = { becameReadyAtUs: null, hopeless: null };
  const probe = address && openProbe(address, plan, watch.clock);
  const asked = probe ? untilReady(probe, watch.clock, seen, over.signal) : Promise.resolve();
  const untilMs = async (ms: number, stop: AbortSignal): Promise<void> => {
    await delay(Math.max(0, ms - watch.clock.nowUs() / 1000), undefined, { signal: stop });
    if (seen.hopeless) throw seen.hopeless;
  };
  const end = async (): Promise<void> => {
    over.abort();
    await asked;
  };
  try {
    await untilMs(stopAfterMs - LOOK_MS, abort);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    putUnderWay: (stopAbort) => untilMs(stopAfterMs, stopAbort),
    tellStop: () => SILENT,
    unrouted: () => {},
    beforeSignal: () => {},
    signalled: () => {},
    cease: () => over.abort(),
    async facts() {
      await end();
      return withoutRequests(seen.becameReadyAtUs);
    },
    [Symbol.asyncDispose]: end,
  };
}

/** Asks until it is answered, or can never be, or `over`. */
async function untilReady(probe: Probe, clock: Clock, seen: Seen, over: AbortSignal): Promise<void> {
  await using _ = probe;
  while (!over.aborted) {
    const notReady = await probe.ask(ATTEMPT_MS, over).catch((error: unknown) => {
      seen.hopeless = error as Error;
      return null;
    });
    if (over.aborted || seen.hopeless) return;
    if (notReady === null) {
      seen.becameReadyAtUs = clock.nowUs();
      return;
    }
    await delay(POLL_MS, undefined, { signal: over }).catch(() => {});
  }
}
