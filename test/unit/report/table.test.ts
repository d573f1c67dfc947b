import { expect, test } from 'vitest';
import type { Look } from '../../../src/report/look.ts';
import { renderReport } from '../../../src/report/table.ts';
import type { RunRecord } from '../../../src/result.ts';
import { expectGolden } from '../../golden/golden.ts';
import { PASS, resultOf } from './fixtures/records.ts';
import { NOTHING, SCENARIOS, SHELL } from './fixtures/runs.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };

const REPORTS: readonly (readonly [string, readonly RunRecord[], Look])[] = [
  ['pass', [PASS], PLAIN],
  ['shell-pid1', [SHELL], PLAIN],
  ['shell-pid1-ascii', [SHELL], { ...PLAIN, unicode: false }],
  ['shell-pid1-color', [SHELL], { ...PLAIN, color: true }],
  ['nothing-in-flight', [NOTHING], PLAIN],
  ['scenarios', SCENARIOS, PLAIN],
];

test.each(REPORTS)('the report of %s reads as its golden file', async (name, runs, look) => {
  await expectGolden(`report-${name}.txt`, renderReport(resultOf(runs), look));
});

test.each(REPORTS.filter(([, , look]) => !look.color))('the report of %s fits into 80 columns', (_, runs, look) => {
  const tooLong = renderReport(resultOf(runs), look)
    .split('\n')
    .filter((line) => line.length > 80);
  expect(tooLong).toEqual([]);
});

test('only the look decides about colours and characters beyond ASCII', () => {
  const ascii = renderReport(resultOf(SCENARIOS), { color: false, width: 80, unicode: false });
  expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
  expect(renderReport(resultOf([PASS]), { ...PLAIN, color: true })).toContain('\u001b[');
});

test('the output of the container cannot steer the terminal', () => {
  const logs = [{ stream: 'stdout', text: '\u001b[2J\u0007\rgone\u009b1m', atMs: 1 }] as const;
  const report = renderReport(resultOf([{ ...SHELL, observation: { ...SHELL.observation, logs } }]), PLAIN);
  expect(report).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('one scenario alone gets the whole report, and says whether it was as expected', () => {
  const [, , , odd] = SCENARIOS;
  const report = renderReport(resultOf(odd ? [odd] : []), PLAIN);
  expect(report).toContain('Scenario tini: NOT as expected.\n  - verdict inconclusive, expected pass');
  expect(report).toContain('Measured');
});
