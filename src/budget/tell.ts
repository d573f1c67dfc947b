import type { LoadPlan } from '../plan/plan.ts';
import { time } from '../report/text.ts';
import type { RunRecord } from '../result.ts';
import { measure, type Measurement } from './measurement.ts';

/** `run 3 of 10 at 25 requests/s`; without the rate where it is not known yet, or nothing is sent. */
export function labelOf(nth: number, of: number, { kind, rate }: Pick<LoadPlan, 'kind' | 'rate'>): string {
  const isKnown = kind === 'requests' && rate !== 'auto';
  return `run ${nth} of ${of}${isKnown ? ` at ${rateText(rate)}` : ''}`;
}

/** How a run went, in a line: `run 3 of 10 at 25 requests/s: drain 420 ms`. */
export function tellRun(record: RunRecord, nth: number, of: number): string {
  const { load } = record.plan.resolved;
  return `${labelOf(nth, of, { kind: load.kind, rate: record.plan.ratePerSecond })}: ${howItWent(measure(record))}`;
}

function howItWent({ worth, why, drain, exit }: Measurement): string {
  if (worth === 'killed') return `SIGKILL${why === null ? '' : `, ${why}`}`;
  if (worth === 'broken' || worth === 'unclear') return `${worth === 'broken' ? 'fail' : 'inconclusive'}, ${why}`;
  if (typeof drain === 'number') return `drain ${time(drain)}`;
  return typeof exit === 'number' ? `exit after ${time(exit)}` : 'ended';
}

function rateText(ratePerSecond: number): string {
  const shown = Math.round(ratePerSecond * 10) / 10;
  return `${shown} ${shown === 1 ? 'request' : 'requests'}/s`;
}
