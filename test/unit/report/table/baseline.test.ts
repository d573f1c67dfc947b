import { expect, test } from 'vitest';

import { type Baseline, heldAgainst } from '../../../../src/baseline/baseline.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { Result } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { resultOf } from '../fixtures/records.ts';
import { lost, repeated, took } from '../fixtures/repeats.ts';

const PLAIN = { color: false, width: 80, unicode: true } as const;

function held(was: Result, is: Result, more: Partial<Baseline> = {}): Result {
  const baseline = { file: 'shutdown-baseline.json', failOn: 'fail', isUpdate: false, result: was, ...more } as const;
  return heldAgainst(is, baseline);
}

const TEN = [310, 320, 330, 340, 350, 310, 320, 330, 340, 350];

const REPORTS: readonly (readonly [string, Result])[] = [
  ['same', held(resultOf([took(310)]), resultOf([took(340)]))],
  ['longer', held(repeated(TEN.map((ms) => took(ms))), repeated(TEN.map((ms) => took(ms + 2_000))))],
  ['lost', held(resultOf([took(310)]), resultOf([lost(4)]))],
  ['known', held(resultOf([lost(3)]), resultOf([lost(4)]), { failOn: 'regression' })],
];

test.each(REPORTS)('a report with a baseline, %s, reads as its golden file, in 80 columns', async (name, result) => {
  const report = renderReport(result, PLAIN);
  await expectGolden(`baseline-${name}.txt`, report);
  expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
