import { expect, test } from 'vitest';

import type { Look } from '../../../../src/report/look.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { Result } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { FEW, GOOD, KILLED, MANY, MEND_FIRST, OF_DOCKER, TOO_EARLY } from '../fixtures/budgets.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };

const BUDGETS: readonly (readonly [string, Result])[] = [
  ['good', GOOD],
  ['few', FEW],
  ['many', MANY],
  ['killed', KILLED],
  ['mend-first', MEND_FIRST],
  ['too-early', TOO_EARLY],
  ['docker', OF_DOCKER],
];

test.each(BUDGETS)('the report of a budget that is %s reads as its golden file', async (name, result) => {
  const report = renderReport(result, PLAIN);
  expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expectGolden(`budget-${name}.txt`, report);
});

test('a budget without characters beyond ASCII has none', () => {
  const ascii = { ...PLAIN, unicode: false };
  for (const [, result] of BUDGETS) expect(renderReport(result, ascii)).toMatch(/^[\x20-\x7e\n]*$/);
});

test('every term of the grace period is shown', () => {
  expect(renderReport(GOOD, PLAIN)).toContain(
    '  grace 11 s = preStop 3 s + 1.5 × 5.10 s (the longest of 10), rounded up\n',
  );
});
