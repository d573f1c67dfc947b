import { coveringSleepMs, isRouted } from '../plan/covering-sleep.ts';
import type { Plan } from '../plan/plan.ts';
import type { Measurement } from './measurement.ts';
import type { Advice, GraceAdvice, SleepAdvice } from './record.ts';

/**
 * What the longest time is multiplied by, and what is added to it at least: a few stops on one machine do not show what a
 * busier node, a fuller queue or a slower database makes of it. A judgement of ours and no measurement, so the report names it.
 */
const FACTOR = 1.5;
const LEAST_SECONDS = 2;

/** What was done to the app, and what it was asked meanwhile. */
export type Conditions = Pick<Plan, 'profile' | 'routingLagMs' | 'preStop'> & {
  readonly load: Pick<Plan['load'], 'kind' | 'connections'>;
};

/** What to set, from stops under a plan. Pure. */
export function advise(measurements: readonly Measurement[], plan: Conditions): Advice {
  const worths = new Set(measurements.map(({ worth }) => worth));
  if (worths.has('killed')) return { kind: 'noBound' };
  if (worths.has('broken')) return { kind: 'mendFirst' };
  const stops = measurements.filter(isTimed);
  if (stops.length === 0) return { kind: 'unclear' };
  const sleep = sleepFor(stops, plan);
  const exits = stops.map(({ exit }) => exit);
  return {
    kind: 'recommended',
    sleep,
    grace: isOwnHook(plan)
      ? graceFor(
          sleep,
          'hookAndExit',
          stops.map(({ preStopMs, exit }) => (preStopMs ?? 0) + exit),
        )
      : graceFor(sleep, 'exit', exits),
    dockerGrace: graceFor(null, 'exit', exits),
  };
}

type Timed = Measurement & { readonly exit: number };

/** Whether all of a stop was measured, whatever it lost by closing its listener too early. */
export function isTimed(one: Measurement): one is Timed {
  return (one.worth === 'whole' || one.worth === 'early') && typeof one.exit === 'number';
}

/** A hook that does something; a sleep takes what it says, and gives way to the one that is advised. */
function isOwnHook({ preStop }: Conditions): boolean {
  return preStop !== null && preStop.kind !== 'sleep';
}

function sleepFor(stops: readonly Timed[], plan: Conditions): SleepAdvice | null {
  const { preStop, routingLagMs } = plan;
  if (!isRouted(plan) || (isOwnHook(plan) && stops.every(({ preStopMs }) => (preStopMs ?? 0) > routingLagMs)))
    return null;
  const covering: SleepAdvice = { seconds: coveringSleepMs(routingLagMs) / 1000, why: 'coversLag' };
  // Who makes no new connections is refused none, and cannot tell.
  const isEnough = plan.load.connections !== 'pooled' && stops.every(({ worth }) => worth === 'whole');
  if (!isEnough || preStop === null) return covering;
  if (preStop.kind !== 'sleep') return null;
  return preStop.sleepMs >= routingLagMs ? covering : { seconds: Math.ceil(preStop.sleepMs / 1000), why: 'lingers' };
}

/** A sleep takes what it says, so only what was measured has a margin. Whole seconds, as engines and manifests count. */
function graceFor(sleep: SleepAdvice | null, what: GraceAdvice['what'], timesMs: readonly number[]): GraceAdvice {
  const longestMs = Math.max(...timesMs);
  const longestS = longestMs / 1000;
  const isTimes = longestS * FACTOR >= longestS + LEAST_SECONDS;
  const withMargin = isTimes ? longestS * FACTOR : longestS + LEAST_SECONDS;
  const sleepS = sleep?.seconds ?? null;
  return {
    seconds: Math.ceil((sleepS ?? 0) + withMargin),
    sleepS,
    longestMs,
    of: timesMs.length,
    what,
    margin: isTimes ? { kind: 'times', factor: FACTOR } : { kind: 'plus', seconds: LEAST_SECONDS },
  };
}
