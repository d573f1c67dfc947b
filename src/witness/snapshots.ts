import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
import type { ProcessReading, Target } from '../engines/engine.ts';
import type { Seen } from './watch.ts';

/** After the signal's arrival: masks change at once, trees within a second. */
const EARLY_MS = [20, 100, 300, 1000] as const;
const LATER_EVERY_MS = 5000;
/** The last look before SIGKILL shows who was still there. In a short grace period it comes half-way. */
const BEFORE_SIGKILL_MS = 400;

/** The process tree at a moment of the run's clock. */
export type SeenProcesses = Seen<ProcessReading>;

/** Looks once; the time is that before the look. Null where the engine cannot tell. */
export async function lookAtProcesses(target: Target, clock: Clock): Promise<SeenProcesses | null> {
  const atUs = clock.nowUs();
  const reading = await target.processes();
  return reading && reading.processes.length > 0 ? { atUs, ...reading } : null;
}

/** Looks again and again while the target stops, until `stopped` is aborted. Gives all that was seen. */
export async function lookWhileStopping(
  target: Target,
  clock: Clock,
  graceMs: number,
  stopped: AbortSignal,
): Promise<readonly SeenProcesses[]> {
  const seen: SeenProcesses[] = [];
  const startUs = clock.nowUs();
  for (const atMs of timetable(graceMs)) {
    const waitMs = atMs - (clock.nowUs() - startUs) / 1000;
    // The only way to fail is the abort, and it is how this ends.
    await delay(Math.max(0, waitMs), undefined, { signal: stopped }).catch(() => null);
    if (stopped.aborted) break;
    const look = await lookAtProcesses(target, clock);
    if (look) seen.push(look);
  }
  return seen;
}

/** When to look, milliseconds from the signal, ascending. */
export function timetable(graceMs: number): readonly number[] {
  const last = Math.max(graceMs - BEFORE_SIGKILL_MS, graceMs / 2);
  const times: number[] = EARLY_MS.filter((atMs) => atMs < last);
  for (let atMs = LATER_EVERY_MS; atMs < last; atMs += LATER_EVERY_MS) times.push(atMs);
  return last > 0 ? [...times, last] : times;
}
