import { CannotRunError } from '../errors.ts';
import { time } from '../report/text.ts';

/** What a matcher sees of the test that it stands in; vitest's own task, of which every field may be missing elsewhere. */
export interface TestTask {
  /** Milliseconds; 0 for no limit. */
  readonly timeout?: number | undefined;
  readonly result?: Partial<Readonly<Record<'startTime' | 'retryCount' | 'repeatCount', number>>> | undefined;
  readonly context?: { readonly signal?: AbortSignal | undefined } | undefined;
}

/** Enough for most checks: an image built, five seconds of load, a grace period of 30 s. For a test's timeout. */
export const SHUTDOWN_TIMEOUT_MS = 120_000;

/** So long before the end of a test's time its check is called off, so that nothing is left of it when vitest gives up. */
const CLEAN_UP_MS = 1_000;
const CLEAN_UP_SHARE = 0.2;
/** And so long before it the test ends, cleaned up or not: then vitest does not say "timed out" in our place. */
const LAST_MS = 150;

/**
 * Does something within a test's time. vitest itself would say only that the test timed out.
 *
 * @param work gets a signal that aborts a little before the test's time is over, and when vitest gives the test up
 * @param doing says what it does at that moment
 * @throws CannotRunError that says how to give it more time.
 */
export async function withinTest<Done>(
  task: TestTask | undefined,
  doing: () => string,
  work: (signal: AbortSignal) => Promise<Done>,
): Promise<Done> {
  const limit = new AbortController();
  const over = Promise.withResolvers<never>();
  const leftMs = leftOf(task);
  const tooLate = (): CannotRunError => lateError(task?.timeout ?? 0, doing());
  const timers =
    leftMs === null
      ? []
      : [
          setTimeout(() => limit.abort(tooLate()), leftMs - Math.min(CLEAN_UP_MS, leftMs * CLEAN_UP_SHARE)),
          setTimeout(() => over.reject(tooLate()), leftMs - LAST_MS),
        ];
  const given = task?.context?.signal;
  const working = work(given ? AbortSignal.any([given, limit.signal]) : limit.signal);
  // What it rejects with after that is for nobody.
  working.catch(() => {});
  try {
    return await Promise.race([working, over.promise]);
  } finally {
    timers.forEach(clearTimeout);
  }
}

/** Milliseconds to the end of the test's time, at least a few; null where it has no limit that is known. */
function leftOf(task: TestTask | undefined): number | null {
  const { timeout = 0, result } = task ?? {};
  if (!Number.isFinite(timeout) || timeout <= 0) return null;
  // Of a test that is tried again only the first start is known.
  const isFirst = (result?.retryCount ?? 0) === 0 && (result?.repeatCount ?? 0) === 0;
  const tookMs = isFirst && result?.startTime !== undefined ? Date.now() - result.startTime : 0;
  return Math.min(timeout, Math.max(LAST_MS * 2, timeout - Math.max(0, tookMs)));
}

function lateError(timeoutMs: number, doing: string): CannotRunError {
  return new CannotRunError(`The check was not over when the test's time was, ${time(timeoutMs)}: it was ${doing}.`, {
    nextStep: [
      'Give the test more than the build, the warm-up (5 s) and the grace period take:',
      "  test('shuts down gracefully', async () => { ... }, SHUTDOWN_TIMEOUT_MS)",
      "with `import { SHUTDOWN_TIMEOUT_MS } from 'shutdown-check/vitest'` (two minutes), or set testTimeout.",
    ].join('\n'),
  });
}
