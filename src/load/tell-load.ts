import type { Clock } from '../clock.ts';
import { ENDING, type Ledger } from './ledger.ts';
import type { Load } from './load.ts';
import type { OnProgress, Stage } from '../progress.ts';

const EVERY_MS = 250;
const FAILED: ReadonlySet<number> = new Set([ENDING.cutBefore, ENDING.cutInside, ENDING.deadline]);

/** The stop under way: when it began on the run's clock, and how long until SIGKILL. */
export interface Stopping {
  readonly t0Us: number;
  readonly graceMs: number;
}

/** Tells four times a second how the load is doing, until it is disposed of. */
export function tellLoad(
  onProgress: OnProgress,
  stage: Stage,
  load: Load,
  clock: Clock,
  stopping: Stopping | null = null,
): Disposable {
  const sinceUs = stopping?.t0Us ?? clock.nowUs();
  const ticker = setInterval(() => {
    const graceLeftMs = stopping && Math.max(0, stopping.graceMs - (clock.nowUs() - stopping.t0Us) / 1000);
    const { inFlight, ledger } = load;
    onProgress({
      kind: 'load',
      stage,
      sent: ledger.length,
      inFlight,
      failed: failedSince(ledger, sinceUs),
      graceLeftMs,
    });
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(ticker) };
}

function failedSince({ ending, endUs, length }: Ledger, sinceUs: number): number {
  let failed = 0;
  for (let row = 0; row < length; row++) {
    if ((endUs[row] ?? 0) >= sinceUs && FAILED.has(ending[row] ?? ENDING.open)) failed++;
  }
  return failed;
}
