import { expect, test } from 'vitest';

import type { Look } from '../../../../src/report/look.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { Result } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { PASS } from '../fixtures/records.ts';
import { AGAIN, GOOD, LOST, rolloutsOf } from '../fixtures/rollouts.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };
const SCENARIO = { scenario: 'rollout-drains', expected: { verdict: 'pass' }, asExpected: true } as const;
const ODD = {
  scenario: 'rollout-no-retries',
  expected: { verdict: 'pass' },
  asExpected: false,
  unexpected: ['verdict fail, expected pass'],
} as const;

const REPORTS: readonly (readonly [string, Result])[] = [
  ['pass', rolloutsOf([GOOD])],
  ['sent-again', rolloutsOf([AGAIN])],
  ['lost', rolloutsOf([LOST])],
  [
    'scenarios',
    rolloutsOf(
      [
        { ...GOOD, ...SCENARIO },
        { ...LOST, ...ODD },
      ],
      [{ ...PASS, scenario: 'exec-form', asExpected: true }],
    ),
  ],
];

test.each(REPORTS)(
  'the report of a roll-out (%s) reads as its golden file, within 80 columns',
  async (name, result) => {
    const report = renderReport(result, PLAIN);
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expectGolden(`rollout-${name}.txt`, report);
  },
);

test('only the look decides about characters beyond ASCII', () => {
  for (const [, result] of REPORTS)
    expect(renderReport(result, { ...PLAIN, unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
});

test('a result is as bad as the worst of its roll-outs and runs', () => {
  expect(REPORTS.map(([, { verdict }]) => verdict)).toEqual(['pass', 'pass', 'fail', 'fail']);
  expect(rolloutsOf([{ ...LOST, ...ODD }]).asExpected).toBe(false);
});
