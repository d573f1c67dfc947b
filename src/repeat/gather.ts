import { type Baseline, heldAgainst } from '../baseline/baseline.ts';
import type { EngineInfo } from '../engines/engine.ts';
import { type Began, summarize } from '../record.ts';
import type { RunRecord } from '../result.ts';
import type { Checked, NotChecked } from '../run.ts';
import type { RepeatRecord } from './record.ts';
import type { Repeated } from './repeat.ts';
import { seriesOf } from './series.ts';

/**
 * What came of all plans of a check: their runs in order, what those of each plan come to that was to be run often, and what
 * is worse than in the baseline, where there is one.
 */
export function summarizeAll(
  engine: EngineInfo,
  began: Began,
  repeated: readonly Repeated[],
  notChecked: readonly NotChecked[],
  baseline: Baseline | undefined,
): Checked {
  const runs: RunRecord[] = [];
  const repeats: RepeatRecord[] = [];
  for (const { runs: some, asked, ended } of repeated) {
    const records = some.map(({ record }) => record);
    if (asked > 1) repeats.push({ ...seriesOf(records), asked, ended, at: records.map((_, nth) => runs.length + nth) });
    runs.push(...records);
  }
  const result = { ...summarize(engine, began, runs), ...(repeats.length > 0 && { repeats }) };
  return {
    result: heldAgainst(result, baseline),
    ledgers: repeated.flatMap((one) => one.runs.map(({ ledger }) => ledger)),
    notChecked,
  };
}
