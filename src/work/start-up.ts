import { setTimeout as delay } from 'node:timers/promises';

import type { TargetAddress } from '../engines/engine.ts';
import type { Plan } from '../plan/plan.ts';
import { openProbe } from '../probe.ts';
import type { OnProgress } from '../progress.ts';
import type { Watch } from '../witness/watch.ts';
import { SILENT, type Work, withoutRequests } from './work.ts';

/** The ready path is asked so often, and each answer waited for so long. */
const POLL_MS = 50;
const ATTEMPT_MS = 1000;
/** The processes are looked at so long before the stop, so that it comes when it was asked for. */
const LOOK_MS = 150;

/**
 * A target that is still starting when it is stopped: its ready path is asked all the time, to tell when it becomes
 * ready. The run's clock began at its start.
 *
 * @param address null where it takes no requests: then nobody asks.
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
  let becameReadyAtUs: number | null = null;
  const asked = address === null ? Promise.resolve(null) : firstAnswerUs(address, plan, watch, over.signal);
  const told = asked.then((atUs) => {
    becameReadyAtUs = atUs;
  });
  const untilMs = async (ms: number, stop: AbortSignal): Promise<void> =>
    await delay(Math.max(0, ms - watch.clock.nowUs() / 1000), undefined, { signal: stop });
  const end = async (): Promise<void> => {
    over.abort();
    await told;
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
    signalled: () => {},
    cease: () => over.abort(),
    async facts() {
      await end();
      return withoutRequests(becameReadyAtUs);
    },
    [Symbol.asyncDispose]: end,
  };
}

/** When the ready path first answered; null where it had not until `over`. */
async function firstAnswerUs(
  address: TargetAddress,
  plan: Plan,
  { clock }: Watch,
  over: AbortSignal,
): Promise<number | null> {
  await using probe = openProbe(address, plan, clock);
  for (;;) {
    // What it says while it starts, were it nonsense, is no word on whether it is ready.
    const notReady = await probe.ask(ATTEMPT_MS, over).catch(() => 'it cannot be spoken to');
    if (over.aborted) return null;
    if (notReady === null) return clock.nowUs();
    await delay(POLL_MS, undefined, { signal: over }).catch(() => {});
  }
}
