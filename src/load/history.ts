import { ENDING, type Ledger } from './ledger.ts';
import { percentile } from './percentile.ts';

/** Bytes of the shortest whole body before T0, by kind of request. */
export function shortestBodies(ledger: Ledger, t0Us: number): readonly number[] {
  const shortest: number[] = [];
  for (let row = 0; row < ledger.length; row++) {
    if ((ledger.ending[row] ?? 0) !== ENDING.answered || (ledger.endUs[row] ?? 0) >= t0Us) continue;
    const kind = ledger.kind[row] ?? 0;
    shortest[kind] = Math.min(shortest[kind] ?? Infinity, ledger.bytes[row] ?? 0);
  }
  return shortest;
}

/** Median time of the answers before T0, microseconds; 0 where there was none. */
export function medianTookUs(ledger: Ledger, t0Us: number): number {
  const tookUs: number[] = [];
  for (let row = 0; row < ledger.length; row++) {
    if ((ledger.ending[row] ?? 0) !== ENDING.answered || (ledger.endUs[row] ?? 0) >= t0Us) continue;
    tookUs.push((ledger.endUs[row] ?? 0) - (ledger.sentUs[row] ?? 0));
  }
  return tookUs.length === 0 ? 0 : percentile(tookUs, 0.5);
}
