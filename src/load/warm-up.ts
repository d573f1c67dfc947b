import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../clock.ts';
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
  { clock }: Watch,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<SteadyLoad> {
  const calibration = await findRate(address, plan, clock, onProgress, abort);
  return await bringUp(address, plan, calibration, clock, onProgress, abort);
}

/** What the rate comes to where it is `auto`; null where it is given. */
export async function findRate(
  address: TargetAddress,
  { load }: Plan,
  clock: Clock,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Calibration | null> {
  if (load.rate !== 'auto') return null;
  onProgress({ kind: 'stage', stage: 'calibrate', text: 'finding a rate' });
  return await calibrate(address, load, clock, abort);
}

/** Ramps the load up to a rate that is known, and lets it run steadily for the rest of the warm-up. */
export async function bringUp(
  address: TargetAddress,
  plan: Plan,
  calibration: Calibration | null,
  clock: Clock,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<SteadyLoad> {
  const { rate, rampMs, warmupMs } = plan.load;
  const load = new Load(address, plan.load, clock, new Ledger());
  using _ = tellLoad(onProgress, 'warm-up', load, clock);
  try {
    load.start(calibration?.ratePerSecond ?? (rate === 'auto' ? 0 : rate), rampMs);
    onProgress({
      kind: 'stage',
      stage: 'warm-up',
      text: `warming up for ${warmupMs / 1000} s at ${load.ratePerSecond} requests a second`,
    });
    await delay(rampMs, undefined, { signal: abort });
    for (let n = 0; n < MAX_HALVINGS && hasQueue(load, calibration, rampMs, clock); n++) {
      load.start(load.ratePerSecond / 2, rampMs);
      await delay(rampMs, undefined, { signal: abort });
    }
    const rampEndUs = clock.nowUs();
    const [parkTrial] = await Promise.all([
      plan.load.park > 0 ? tryPark(address, plan.load, clock, () => isServed(load), abort) : null,
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
function hasQueue({ ledger }: Load, calibration: Calibration | null, rampMs: number, clock: Clock): boolean {
  if (!calibration || calibration.unloadedMedianMs === null) return false;
  const sinceUs = clock.nowUs() - (rampMs * 1000) / 2;
  const tookMs: number[] = [];
  for (let row = ledger.length - 1; row >= 0 && (ledger.scheduledUs[row] ?? 0) >= sinceUs; row--) {
    if (ledger.ending[row] !== ENDING.answered) continue;
    tookMs.push(((ledger.endUs[row] ?? 0) - (ledger.scheduledUs[row] ?? 0)) / 1000);
  }
  return tookMs.length > 0 && percentile(tookMs, 0.5) > calibration.unloadedMedianMs * GROWN + NOISE_MS;
}
