import { isRouted } from '../plan/covering-sleep.ts';
import type { Plan } from '../plan/plan.ts';
import { shortPreStop } from '../plan/pre-stop.ts';
import { advise, type Conditions, isTimed } from './advise.ts';
import { confidenceOf } from './confidence.ts';
import { distributionOf } from './distribution.ts';
import type { Measurement } from './measurement.ts';
import type { BudgetEnd, BudgetRecord, LoadTimes, Sorted } from './record.ts';

/** What a budget was asked for, and how far it got. */
export interface Asked {
  /** As the runs had it. */
  readonly plan: Conditions & Pick<Plan, 'graceMs'>;
  /** The grace period that the app is deployed with. */
  readonly graceMs: number;
  readonly runs: number;
  readonly ended: BudgetEnd;
}

/** The budget that some stops come to. Pure. */
export function drawUp(measurements: readonly Measurement[], { plan, graceMs, runs, ended }: Asked): BudgetRecord {
  const counted = measurements.filter((one) => isTimed(one) || one.worth === 'killed');
  const timed = measurements.filter(isTimed).length;
  const rates = [...new Set(counted.map(({ ratePerSecond }) => ratePerSecond))];
  return {
    profile: plan.profile,
    runsAsked: runs,
    ended,
    graceMs,
    givenMs: plan.graceMs,
    routingLagMs: isRouted(plan) ? plan.routingLagMs : 0,
    hook: plan.preStop && shortPreStop(plan.preStop),
    loads: rates
      .toSorted((a, b) => (a ?? 0) - (b ?? 0))
      .map((rate) =>
        timesOf(
          rate,
          counted.filter(({ ratePerSecond }) => ratePerSecond === rate),
        ),
      ),
    all: timesOf(null, counted),
    others: sortOthers(measurements),
    confidence: timed === 0 || timed < counted.length ? null : confidenceOf(timed),
    advice: advise(measurements, plan),
  };
}

function timesOf(ratePerSecond: number | null, stops: readonly Measurement[]): LoadTimes {
  return {
    ratePerSecond,
    stops: stops.length,
    drain: distributionOf(stops.map(({ drain }) => drain)),
    exit: distributionOf(stops.map(({ exit }) => exit)),
  };
}

function sortOthers(measurements: readonly Measurement[]): readonly Sorted[] {
  const sorted = new Map<string, Sorted>();
  for (const { worth, why } of measurements) {
    if (worth === 'whole') continue;
    const key = `${worth} ${why}`;
    sorted.set(key, { worth, why, stops: (sorted.get(key)?.stops ?? 0) + 1 });
  }
  return [...sorted.values()].toSorted((a, b) => b.stops - a.stops);
}
