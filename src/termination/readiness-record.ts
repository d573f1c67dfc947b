import type { Observation } from '../observation.ts';
import type { ReadinessRecord } from '../result.ts';

/** No answer this shortly before the end is no turning: the app may be on its way out. */
const END_MS = 300;
/** An app that says so for less than this after the signal may just not have come to turn it. */
const STAYS_MS = 300;

/** What became of readiness from T0 on; null where nobody asked, or no answer came. Pure. */
export function readinessOf({ readiness, signalByMs, exit }: Observation): ReadinessRecord | null {
  if (readiness === null || readiness.length === 0) return null;
  const endedAtMs = exit.processEndedAtMs ?? exit.atMs ?? Infinity;
  const answers = readiness.filter(({ ready, atMs }) => ready || atMs < endedAtMs - END_MS);
  const notReady = answers.find(({ ready }) => !ready);
  const lastReadyAtMs = answers.findLast(({ ready }) => ready)?.atMs ?? null;
  const whileDraining = answers.filter(({ atMs }) => atMs > signalByMs);
  const isAllReady = whileDraining.every(({ ready }) => ready);
  const notReadyAtMs = notReady?.atMs ?? null;
  return isAllReady && lastReadyAtMs !== null && lastReadyAtMs - signalByMs >= STAYS_MS
    ? { stayedUp: true, notReadyAtMs, lastReadyAtMs }
    : { stayedUp: false, notReadyAtMs, lastReadyAtMs };
}
