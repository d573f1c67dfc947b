import { allEndedAtMs, stopSignalledAtMs } from '../kernel-record.ts';
import type { Observation } from '../observation.ts';
import { ENDING, FLAG, type Ledger } from './ledger.ts';

/** Endings that a steady target does not give, and a stopping one does. */
const EFFECTS: ReadonlySet<number> = new Set([
  ENDING.notConnected,
  ENDING.proxyEnded,
  ENDING.cutBefore,
  ENDING.cutInside,
  ENDING.streamRefused,
]);

/** The engine tells the process's end, and we T0, in whole milliseconds. */
const CALENDAR_STEP_MS = 1;

/**
 * Puts the kernel's moments in the place of the engine's, which come tens of milliseconds later, hundreds on a busy
 * machine: the signal's, and that of the end of all processes.
 */
export function sharpen(observation: Observation, ledger: Ledger): Observation {
  const { exit } = observation;
  const processEndedAtMs = allEndedAtMs(observation) ?? exit.processEndedAtMs;
  return narrowSignal({ ...observation, exit: { ...exit, processEndedAtMs } }, ledger);
}

/**
 * Narrows the signal's interval: to the moment that the kernel recorded, where it was asked; else by what the signal
 * cannot be later than, the first effect that the load saw and the end of the process. A fast target has closed its
 * listener, answered everything and ended before the engine's `kill` event arrives; where the machine is busy, long
 * before.
 */
export function narrowSignal(observation: Observation, ledger: Ledger): Observation {
  const { signalByMs, exit } = observation;
  const recordedAtMs = stopSignalledAtMs(observation);
  // Later than the engine's own word of it is another signal than the stop's; so is one from before it was sent.
  if (recordedAtMs !== null && recordedAtMs <= signalByMs)
    return { ...observation, signalFromMs: recordedAtMs, signalByMs: recordedAtMs };
  const endedByMs = exit.processEndedAtMs === null ? Infinity : exit.processEndedAtMs + CALENDAR_STEP_MS;
  const byMs = Math.min(signalByMs, endedByMs, firstEffectMs(observation, ledger));
  return { ...observation, signalByMs: Math.max(0, observation.signalFromMs, byMs) };
}

/** From T0; Infinity where there was none, or where requests ended like this before the signal, and it shows nothing. */
function firstEffectMs({ t0Us, rampEndUs, signalFromMs }: Observation, ledger: Ledger): number {
  const notBeforeUs = t0Us + Math.max(0, signalFromMs) * 1000;
  let firstUs = Infinity;
  for (let row = 0; row < ledger.length; row++) {
    const endUs = ledger.endUs[row] ?? 0;
    if (endUs < rampEndUs || !EFFECTS.has(ledger.ending[row] ?? 0)) continue;
    if (endUs < notBeforeUs) return Infinity;
    firstUs = Math.min(firstUs, effectUs(ledger, row));
  }
  return (firstUs - t0Us) / 1000;
}

/** A new connection is refused when it is tried, however late the news is read; the rest is as old as the news. */
function effectUs(ledger: Ledger, row: number): number {
  const endUs = ledger.endUs[row] ?? 0;
  const isFresh = ((ledger.flags[row] ?? 0) & FLAG.pooled) === 0;
  if (ledger.ending[row] !== ENDING.notConnected || !isFresh) return endUs;
  return Math.min(endUs, ledger.sentUs[row] ?? 0);
}
