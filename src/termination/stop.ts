import { setTimeout as delay } from 'node:timers/promises';

import type { Target } from '../engines/engine.ts';
import type { Calibration } from '../load/calibrate.ts';
import { ENDING, type Ledger } from '../load/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import type { SteadyLoad } from '../warm-up.ts';
import { lookAtProcesses, lookWhileStopping, type SeenProcesses } from '../witness/snapshots.ts';
import type { Watch } from '../witness/watch.ts';

/** For so long the stop waits for requests in flight; then it happens anyway. */
const IN_FLIGHT_WAIT_MS = 5000;
/** The engine's signal takes some tens of milliseconds; a request that takes longer than this outlives that. */
const SLOW_MS = 100;
const TELL_EVERY_MS = 250;

/** What was done to the target, and when. Microseconds of the run's clock. */
export interface Stop {
  readonly t0Us: number;
  /** The signal had been sent by then. */
  readonly signalByUs: number;
  readonly returnedUs: number;
  readonly error: unknown;
  readonly snapshots: readonly SeenProcesses[];
  readonly ratePerSecond: number;
}

/**
 * Stops the target through its engine, which escalates by itself, while the load goes on. Where the rate is ours to
 * choose, requests are kept in flight until the signal is there: the engine takes tens of milliseconds to send it, and
 * a fast target would have answered everything by then.
 */
export async function stopMidFlight(
  target: Target,
  plan: Plan,
  { load, calibration }: SteadyLoad,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Stop> {
  const { clock } = watch;
  const { ratePerSecond } = load;
  const before = await lookAtProcesses(target, clock);
  const wanted = wantedInFlight(plan, calibration);
  if (wanted.keepOpen) load.keepOpen(wanted.count);
  const isThere = (): boolean => load.inFlight >= wanted.count && load.youngestMs <= wanted.youngerThanMs;
  const untilUs = clock.nowUs() + IN_FLIGHT_WAIT_MS * 1000;
  while (!isThere() && clock.nowUs() < untilUs) await delay(1, undefined, { signal: abort });
  onProgress({ kind: 'stage', stage: 'stop', text: `stopping with ${plan.graceMs / 1000} s of grace` });
  const over = new AbortController();
  const t0Us = clock.nowUs();
  const returned = target.stop(plan.graceMs).then(
    () => null,
    (error: unknown) => error,
  );
  const ended = abortable(returned, abort).then((error) => ({ error, returnedUs: clock.nowUs() }));
  const signalSeen = watch.first(({ action, signal }) => action === 'kill' && signal === target.stopSignal);
  const signalled = Promise.race([signalSeen, watch.died, ended]).then(() => {
    load.keepOpen(0);
    return clock.nowUs();
  });
  const snapshots = signalled.then(() => lookWhileStopping(target, clock, plan.graceMs, over.signal));
  const ticker = setInterval(() => tell(load.ledger, t0Us, load.inFlight), TELL_EVERY_MS);
  const tell = (ledger: Ledger, sinceUs: number, inFlight: number): void =>
    onProgress({
      kind: 'load',
      stage: 'stop',
      sent: ledger.length,
      inFlight,
      failed: failedSince(ledger, sinceUs),
      graceLeftMs: Math.max(0, plan.graceMs - (clock.nowUs() - sinceUs) / 1000),
    });
  try {
    const { error, returnedUs } = await ended;
    over.abort();
    const after = await snapshots;
    return {
      t0Us,
      signalByUs: await signalled,
      returnedUs,
      error,
      snapshots: before ? [before, ...after] : after,
      ratePerSecond,
    };
  } finally {
    clearInterval(ticker);
    over.abort();
  }
}

/** What has to be in flight before the stop. */
interface WantedInFlight {
  readonly count: number;
  /** Whether requests beside the schedule keep that many open: only where the rate is ours, and they change nothing. */
  readonly keepOpen: boolean;
  /** At least one of them this young, so that it is still open when the signal comes. */
  readonly youngerThanMs: number;
}

/**
 * A target that serves requests side by side gets two more than the least: one may be ending and one not yet written.
 * A fast one that serves them one by one gets one more. A slow one gets none, for it would only wait in a queue of
 * ours; there a young request does.
 */
function wantedInFlight({ load }: Plan, calibration: Calibration | null): WantedInFlight {
  const count = load.minInFlight;
  const isSafe = load.requests.every(({ method }) => method === 'GET' || method === 'HEAD');
  if (calibration?.unloadedMedianMs == null || !isSafe) return { count, keepOpen: false, youngerThanMs: Infinity };
  const { together, unloadedMedianMs } = calibration;
  if (together > 1) return { count: count + 2, keepOpen: true, youngerThanMs: Infinity };
  if (unloadedMedianMs < SLOW_MS) return { count: count + 1, keepOpen: true, youngerThanMs: Infinity };
  return { count, keepOpen: true, youngerThanMs: unloadedMedianMs / 4 };
}

/** Rejects with the abort's reason as soon as there is one; the promise itself goes on. */
async function abortable<T>(promise: Promise<T>, abort: AbortSignal): Promise<T> {
  abort.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const aborted = (): void => reject(abort.reason as Error);
    abort.addEventListener('abort', aborted, { once: true });
    promise.then(resolve, reject).finally(() => abort.removeEventListener('abort', aborted));
  });
}

function failedSince(ledger: Ledger, sinceUs: number): number {
  let failed = 0;
  for (let row = ledger.length - 1; row >= 0; row--) {
    const ending = ledger.ending[row];
    const ended = (ledger.endUs[row] ?? 0) >= sinceUs;
    if (ended && (ending === ENDING.cutBefore || ending === ENDING.cutInside || ending === ENDING.deadline)) failed++;
  }
  return failed;
}
