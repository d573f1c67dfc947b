import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something that never fails, but no longer than `waitMs`. */
export async function within(waitMs: number, something: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const timeUp = delay(waitMs, undefined, { signal: enough.signal }).catch(() => {});
  await Promise.race([something, timeUp]);
  enough.abort();
}
