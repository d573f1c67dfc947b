import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import type { SocketTable, Target } from '../engines/engine.ts';
import type { Seen } from './watch.ts';

const EARLY_EVERY_MS = 25;
/** The first second after the signal, and what the signal may take to come. */
const EARLY_FOR_MS = 1_100;
const LATER_EVERY_MS = 250;
/** SIGKILL comes no sooner than the grace period after T0; what is open this short before it is open at the end. */
const BEFORE_SIGKILL_MS = 40;
/** A reading walks all the machine's connections in the kernel: it may take this part of a core and no more. */
const MAX_SHARE = 0.2;
const TRIALS = 3;
const MAX_KEPT = 200;
/** Of those, the first ones: when the listener closed is among them. The others are the last ones. */
const MAX_EARLY = 100;

/** The sockets at a moment of the run's clock, when the reading had come, and when the last of its like began. */
export type SeenSockets = Seen<SocketTable> & { readonly untilUs: number };

/** What a reading costs, and what was read. */
export interface SocketTrial {
  /** The fastest of a few, for what a busy machine adds to one is no cost. */
  readonly costMs: number;
  /** The last of them; null where the sockets cannot be read. */
  readonly seen: SeenSockets | null;
}

/** Reads the sockets a few times, before the stop. */
export async function trySockets(target: Target, clock: Clock): Promise<SocketTrial> {
  let costMs = Infinity;
  let seen: SeenSockets | null = null;
  for (let nth = 0; nth < TRIALS; nth++) {
    const fromUs = clock.nowUs();
    const table = await target.sockets();
    const atUs = clock.nowUs();
    costMs = Math.min(costMs, (atUs - fromUs) / 1000);
    seen = table && { ...table, atUs, untilUs: fromUs };
  }
  return { costMs, seen };
}

/**
 * Reads the sockets from now, T0, again and again until `stopped` is aborted or they cannot be read any more: often at
 * first, and again from the signal on. A fast app has closed its listener before the first of these readings: that from
 * before the stop shows it.
 *
 * @param signalled resolves when the signal is sent, with the time that is left until SIGKILL; with null where none is
 */
export async function watchSockets(
  target: Target,
  clock: Clock,
  { costMs, seen }: SocketTrial,
  signalled: Promise<{ readonly leftMs: number } | null>,
  stopped: AbortSignal,
): Promise<readonly SeenSockets[]> {
  const kept = seen ? [seen] : [];
  let startUs = clock.nowUs();
  let graceMs = Infinity;
  const woken = new AbortController();
  void signalled.then((signal) => {
    if (signal) [startUs, graceMs] = [clock.nowUs(), signal.leftMs];
    woken.abort();
  });
  while (!stopped.aborted) {
    const fromUs = clock.nowUs();
    const table = await target.sockets();
    if (table === null) break;
    const atUs = clock.nowUs();
    keep(kept, table, fromUs, atUs);
    const pauseMs = pauseAfter((atUs - startUs) / 1000, (atUs - fromUs) / 1000, costMs, graceMs);
    const signal = woken.signal.aborted ? stopped : AbortSignal.any([stopped, woken.signal]);
    // The only way to fail is an abort: the signal's, or the one that ends this.
    await delay(pauseMs, undefined, { signal }).catch(() => null);
  }
  return kept;
}

/** Adds a reading where it differs from the last; past the bound, one from the middle goes. */
export function keep(kept: SeenSockets[], table: SocketTable, fromUs: number, atUs: number): void {
  const last = kept.at(-1);
  if (last && isDeepStrictEqual([last.listening, last.connections], [table.listening, table.connections])) {
    kept[kept.length - 1] = { ...last, untilUs: fromUs };
    return;
  }
  kept.push({ ...table, atUs, untilUs: fromUs });
  if (kept.length > MAX_KEPT) kept.splice(MAX_EARLY, 1);
}

/** Milliseconds until the next reading, so that one falls right before the SIGKILL that is to be expected. */
export function pauseAfter(sinceStartMs: number, tookMs: number, costMs: number, graceMs: number): number {
  const everyMs = sinceStartMs < EARLY_FOR_MS ? EARLY_EVERY_MS : LATER_EVERY_MS;
  const pauseMs = Math.max(everyMs - tookMs, costMs / MAX_SHARE - costMs);
  const untilLastMs = graceMs - BEFORE_SIGKILL_MS - sinceStartMs;
  return untilLastMs > 0 ? Math.min(pauseMs, untilLastMs) : pauseMs;
}
