import type { Result, RunRecord } from '../result.ts';
import type { RepeatRecord } from './record.ts';
import { seriesOf } from './series.ts';

/** The runs of one plan, and what they come to. */
export interface Group {
  readonly record: RepeatRecord;
  readonly runs: readonly RunRecord[];
}

/** The runs of a result by their plans, in order; one that was run once is a group of one. Pure. */
export function groupsOf({ runs, repeats = [] }: Result): readonly Group[] {
  const groups = repeats.map(({ asked, ended, at }) => groupOf(runs, { asked, ended, at }));
  const lone = runs.flatMap((_, nth) => {
    if (repeats.some(({ at }) => at.includes(nth))) return [];
    return [groupOf(runs, { asked: 1, ended: { kind: 'complete' }, at: [nth] })];
  });
  return [...groups, ...lone].toSorted((a, b) => (a.record.at[0] ?? 0) - (b.record.at[0] ?? 0));
}

/** What they come to is counted anew: a result of an earlier version may count otherwise. */
function groupOf(all: readonly RunRecord[], told: Pick<RepeatRecord, 'asked' | 'ended' | 'at'>): Group {
  const runs = told.at.flatMap((at) => all[at] ?? []);
  return { record: { ...seriesOf(runs), ...told }, runs };
}
