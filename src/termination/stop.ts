import { setTimeout as delay } from 'node:timers/promises';

import type { Target } from '../engines/engine.ts';
import { ENDING, type Ledger } from '../load/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import type { SteadyLoad } from '../warm-up.ts';
import { lookAtProcesses, lookWhileStopping, type SeenProcesses } from '../witness/snapshots.ts';
import type { Watch } from '../witness/watch.ts';

/** For so long the stop waits for requests in flight; then it happens anyway. */
const IN_FLIGHT_WAIT_MS = 5000;
/** Beyond the least that is asked for: one may be ending and one not yet written. */
const SPARE_IN_FLIGHT = 2;
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
  { load }: SteadyLoad,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Stop> {
  const { clock } = watch;
  const { ratePerSecond } = load;
  const before = await lookAtProcesses(target, clock);
  const enough = plan.load.minInFlight + (mayTopUp(plan) ? SPARE_IN_FLIGHT : 0);
  if (mayTopUp(plan)) load.keepOpen(enough);
  for (let waitedMs = 0; load.inFlight < enough && waitedMs < IN_FLIGHT_WAIT_MS; waitedMs++) {
    await delay(1, undefined, { signal: abort });
  }
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

/** Extra requests only where the user left the rate to us, and where they can change nothing. */
function mayTopUp({ load }: Plan): boolean {
  return load.rate === 'auto' && load.requests.every(({ method }) => method === 'GET' || method === 'HEAD');
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
