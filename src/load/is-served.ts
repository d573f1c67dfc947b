import { setTimeout as delay } from 'node:timers/promises';

import { ENDING } from './ledger.ts';
import type { Load } from './load.ts';
import { percentile } from './percentile.ts';

const POLL_MS = 10;
/** An answer may take this many times as long as the median so far, and at least so long. */
const SLOWER = 5;
const LEAST_MS = 500;
/** The median is that of the last so many requests. */
const RECENT = 200;

/** Sends one request more and tells whether it is answered about as soon as others were. */
export async function isServed(load: Load): Promise<boolean> {
  const withinMs = Math.max(LEAST_MS, SLOWER * recentMedianMs(load));
  const row = load.send();
  const { ending } = load.ledger;
  for (let waitedMs = 0; waitedMs < withinMs && ending[row] === ENDING.open; waitedMs += POLL_MS) await delay(POLL_MS);
  return ending[row] === ENDING.answered;
}

function recentMedianMs({ ledger }: Load): number {
  const tookMs: number[] = [];
  for (let row = Math.max(0, ledger.length - RECENT); row < ledger.length; row++) {
    if (ledger.ending[row] !== ENDING.answered) continue;
    tookMs.push(((ledger.endUs[row] ?? 0) - (ledger.scheduledUs[row] ?? 0)) / 1000);
  }
  return tookMs.length === 0 ? 0 : percentile(tookMs, 0.5);
}
