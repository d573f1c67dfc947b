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

/**
 * Narrows the signal's interval by the first effect that the load saw: a fast target has closed its listener and
 * answered everything before the engine's `kill` event arrives, and the signal cannot be later than its effect. Where
 * requests ended like this before T0 already, such an ending shows nothing, and the interval stays.
 */
export function narrowSignal(observation: Observation, ledger: Ledger): Observation {
  const { t0Us, rampEndUs, signalByMs } = observation;
  let firstUs = Infinity;
  for (let row = 0; row < ledger.length; row++) {
    const endUs = ledger.endUs[row] ?? 0;
    if (endUs < rampEndUs || !EFFECTS.has(ledger.ending[row] ?? 0)) continue;
    if (endUs < t0Us) return observation;
    firstUs = Math.min(firstUs, effectUs(ledger, row));
  }
  return { ...observation, signalByMs: Math.min(signalByMs, Math.max(0, firstUs - t0Us) / 1000) };
}

/** A new connection is refused when it is tried, however late the news is read; the rest is as old as the news. */
function effectUs(ledger: Ledger, row: number): number {
  const endUs = ledger.endUs[row] ?? 0;
  const isFresh = ((ledger.flags[row] ?? 0) & FLAG.pooled) === 0;
  if (ledger.ending[row] !== ENDING.notConnected || !isFresh) return endUs;
  return Math.min(endUs, ledger.sentUs[row] ?? 0);
}
