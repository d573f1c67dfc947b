import { performance } from 'node:perf_hooks';

/** One monotonic clock for everything a run observes; passed in, so that no stage reads another. */
export interface Clock {
  /** Microseconds since the clock was started, whole. */
  nowUs(): number;
}

/** Starts a clock at zero. */
export function startClock(): Clock {
  const startMs = performance.now();
  return { nowUs: () => Math.round((performance.now() - startMs) * 1000) };
}
