import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something that never fails, but no longer than `waitMs`. */
export async function within(waitMs: number, something: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const timeUp = delay(waitMs, undefined, { signal: enough.signal }).catch(() => {});
  await Promise.race([something, timeUp]);
  enough.abort();
}

/**
 * Whether something that never fails comes within `waitMs`. Never says no before the time is up: a timer may fire up to a
 * millisecond too early.
 *
 * @throws the abort's reason.
 */
export async function endsWithin(something: Promise<unknown>, waitMs: number, abort?: AbortSignal): Promise<boolean> {
  const untilMs = performance.now() + waitMs;
  const over = new AbortController();
  const signal = abort ? AbortSignal.any([abort, over.signal]) : over.signal;
  const timeUp = async (): Promise<boolean> => {
    for (let leftMs = waitMs; leftMs > 0; leftMs = untilMs - performance.now())
      await delay(Math.ceil(leftMs), undefined, { signal });
    return false;
  };
  const up = timeUp().catch((error: unknown) => {
    if (abort?.aborted) throw error;
    return false;
  });
  return await Promise.race([something.then(() => true), up]).finally(() => over.abort());
}
