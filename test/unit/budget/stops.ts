import type { Asked } from '../../../src/budget/draw-up.ts';
import type { Measurement } from '../../../src/budget/measurement.ts';

/** A stop that was measured whole, changed where a test says so. */
export function stop(changes: Partial<Measurement> = {}): Measurement {
  return { ratePerSecond: 15, preStopMs: 3_001, drain: 180, exit: 250, worth: 'whole', why: null, ...changes };
}

export const KILLED = stop({ drain: 'cut', exit: 'cut', worth: 'killed', why: 'HANDLER_EXCEEDS_GRACE' });
export const BROKEN = stop({ exit: 8, worth: 'broken', why: 'ABRUPT_EXIT' });
export const UNCLEAR = stop({ drain: null, worth: 'unclear', why: 'NOTHING_IN_FLIGHT' });
export const EARLY = stop({ worth: 'early', why: 'REFUSED_WHILE_ROUTED' });

/** What a budget was asked for: a pod's, by four runs. */
export const ASKED: Asked = {
  plan: {
    profile: 'kubernetes',
    graceMs: 120_000,
    routingLagMs: 2_000,
    preStop: { kind: 'sleep', sleepMs: 3_000 },
    load: { kind: 'requests', connections: 'both' },
  },
  graceMs: 30_000,
  runs: 4,
  ended: { kind: 'complete' },
};
