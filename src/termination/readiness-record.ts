import type { Observation } from '../observation.ts';
import type { ReadinessRecord } from '../result.ts';

/** Later answers than this before the end are still the draining app's; about then it may be on its way out. */
const END_MS = 300;

/** What became of readiness from T0 on; null where nobody asked, or no answer came. Pure. */
export function readinessOf({ readiness, signalByMs, exit }: Observation): ReadinessRecord | null {
  if (readiness === null || readiness.length === 0) return null;
  const endedAtMs = exit.processEndedAtMs ?? exit.atMs ?? Infinity;
  const answers = readiness.filter(({ atMs }) => atMs < endedAtMs - END_MS);
  const notReady = answers.find(({ ready }) => !ready);
  const lastReadyAtMs = answers.findLast(({ ready }) => ready)?.atMs ?? null;
  const whileDraining = answers.filter(({ atMs }) => atMs > signalByMs);
  const stayedUp = whileDraining.length > 0 && whileDraining.every(({ ready }) => ready);
  const notReadyAtMs = notReady?.atMs ?? null;
  return stayedUp && lastReadyAtMs !== null
    ? { stayedUp: true, notReadyAtMs, lastReadyAtMs }
    : { stayedUp: false, notReadyAtMs, lastReadyAtMs };
}
