import type { Observation } from '../observation.ts';
import type { Judged } from './classify.ts';

/** A gap of more than this part of a stop has hidden most of it. */
const MOST = 0.5;
/** A gap of at most so many intervals of the schedule is the schedule's own. */
const OWN_INTERVALS = 10;
const MIN_GAP_MS = 30;
/** In a stop that takes longer than this, a gap of most of it is past the harness's other limit. */
const FAST_STOP_MS = 1000;

/**
 * For how long of the stop the load stood still, milliseconds, where that is most of the stop and the machine's doing,
 * not the schedule's; else null. A fast target has closed its listener and ended within tens of milliseconds, and what
 * it did in them was then not seen: nothing tells a clean close from connections that were taken and cut.
 */
export function blindMs(judged: readonly Judged[], { t0Us, exit, harness, plan }: Observation): number | null {
  const endedMs = exit.processEndedAtMs ?? exit.atMs;
  if (endedMs === null || endedMs <= 0 || endedMs >= FAST_STOP_MS) return null;
  // A pod's stop sends requests elsewhere when its routing ends: that none leave any more is then meant to be.
  const routedMs = plan.profile === 'kubernetes' ? plan.routingLagMs : Infinity;
  const endUs = t0Us + Math.min(endedMs, routedMs) * 1000;
  const left = judged.map(({ leftUs }) => leftUs).filter((us) => us > t0Us && us < endUs);
  const moments = [t0Us, ...left.sort((a, b) => a - b), endUs];
  const gapMs = Math.max(...moments.slice(1).map((us, nth) => us - (moments[nth] ?? us))) / 1000;
  const ownMs = Math.max(MIN_GAP_MS, (OWN_INTERVALS * 1000) / harness.ratePerSecond);
  return gapMs > ownMs && gapMs > endedMs * MOST ? gapMs : null;
}
