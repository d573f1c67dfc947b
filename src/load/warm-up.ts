import { setTimeout as delay } from 'node:timers/promises';

import type { TargetAddress } from '../engines/engine.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { ENDING, Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { isServed } from './is-served.ts';
import { percentile } from './percentile.ts';
import { type ParkTrial, tryPark } from './park/try-park.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import { tellLoad } from './tell-load.ts';
import type { Watch } from '../witness/watch.ts';

/** Answers that took this many times as long as unloaded ones wait in a queue; then `auto` takes half the rate. */
const GROWN = 1.5;
const NOISE_MS = 1;
const MAX_HALVINGS = 3;

/** A load that runs steadily. Its requests count from `rampEndUs` on. */
export interface SteadyLoad {
  readonly load: Load;
  readonly calibration: Calibration | null;
  /** Whether requests can be parked on this target; null where none were asked for. */
  readonly parkTrial: ParkTrial | null;
  readonly rampEndUs: number;
}

/** Finds the rate where it is `auto`, ramps the load up, and lets it run steadily for the rest of the warm-up. */
export async function warmUp(
  address: TargetAddress,
  plan: Plan,
  watch: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<SteadyLoad> {
  const { rate, rampMs, warmupMs } = plan.load;
  if (rate === 'auto') onProgress({ kind: 'stage', stage: 'calibrate', text: 'finding a rate' });
  const calibration = rate === 'auto' ? await calibrate(address, plan.load, watch.clock, abort) : null;
  const load = new Load(address, plan.load, watch.clock, new Ledger());
  using _ = tellLoad(onProgress, 'warm-up', load, watch.clock);
  try {
    load.start(calibration?.ratePerSecond ?? (rate === 'auto' ? 0 : rate), rampMs);
    onProgress({
      kind: 'stage',
      stage: 'warm-up',
      text: `warming up for ${warmupMs / 1000} s at ${load.ratePerSecond} requests a second`,
    });
    await delay(rampMs, undefined, { signal: abort });
    for (let n = 0; n < MAX_HALVINGS && hasQueue(load, calibration, rampMs, watch); n++) {
      load.start(load.ratePerSecond / 2, rampMs);
      await delay(rampMs, undefined, { signal: abort });
    }
    const rampEndUs = watch.clock.nowUs();
    const [parkTrial] = await Promise.all([
      plan.load.park > 0 ? tryPark(address, plan.load, watch.clock, () => isServed(load), abort) : null,
      delay(warmupMs - rampMs, undefined, { signal: abort }),
    ]);
    return { load, calibration, parkTrial, rampEndUs };
  } catch (error) {
    load.stop();
    await load.finish(0);
    throw error;
  }
}

/** Whether answers of the ramp's second half took so much longer than unloaded ones that they must have waited. */
function hasQueue({ ledger }: Load, calibration: Calibration | null, rampMs: number, { clock }: Watch): boolean {
  if (!calibration || calibration.unloadedMedianMs === null) return false;
  const sinceUs = clock.nowUs() - (rampMs * 1000) / 2;
  const tookMs: number[] = [];
  for (let row = ledger.length - 1; row >= 0 && (ledger.scheduledUs[row] ?? 0) >= sinceUs; row--) {
    if (ledger.ending[row] !== ENDING.answered) continue;
    tookMs.push(((ledger.endUs[row] ?? 0) - (ledger.scheduledUs[row] ?? 0)) / 1000);
  }
  return tookMs.length > 0 && percentile(tookMs, 0.5) > calibration.unloadedMedianMs * GROWN + NOISE_MS;
}
