import type { Observation } from '../observation.ts';
import type { ReadinessRecord } from '../result.ts';

/** Who says nothing this shortly before the end is on the way out, and has not turned. */
const END_MS = 300;
/** An app that says so for less than this after the signal may just not have come to turn it. */
const STAYS_MS = 300;

/** What became of readiness from T0 on; null where nobody asked, or no answer came. Pure. */
export function readinessOf({ readiness, signalByMs, exit }: Observation): ReadinessRecord | null {
  if (readiness === null || readiness.length === 0) return null;
  const endedAtMs = exit.processEndedAtMs ?? exit.atMs ?? Infinity;
  const notReady = readiness.find(
    ({ said, atMs }) => said === 'notReady' || (said === 'nothing' && atMs < endedAtMs - END_MS),
  );
  const lastReadyAtMs = readiness.findLast(({ said }) => said === 'ready')?.atMs ?? null;
  // One that closes its listener in the end says nothing more, which is no word of not being ready.
  const hasTurned = readiness.some(({ said, atMs }) => said === 'notReady' && atMs > signalByMs);
  const notReadyAtMs = notReady?.atMs ?? null;
  return !hasTurned && lastReadyAtMs !== null && lastReadyAtMs - signalByMs >= STAYS_MS
    ? { stayedUp: true, notReadyAtMs, lastReadyAtMs }
    : { stayedUp: false, notReadyAtMs, lastReadyAtMs };
}
