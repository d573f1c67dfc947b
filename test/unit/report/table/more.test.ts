import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { moreLines } from '../../../../src/report/table/more.ts';
import type { Result } from '../../../../src/result.ts';

const example = JSON.parse(await readFile('reports/example/result.json', 'utf8')) as Result;
const [run] = example.runs;
if (run === undefined) throw new Error('the example has no run');

test('a report of a failing run ends with the command that explains its cause', () => {
  expect(moreLines(example)).toEqual(['More: shutdown-check explain SHELL_IS_PID1']);
});

test('without a cause it is the first error that is explained', () => {
  const findings = run.findings.filter(({ code }) => code !== 'SHELL_IS_PID1');
  expect(moreLines({ ...example, runs: [{ ...run, findings }] })).toEqual([
    'More: shutdown-check explain IN_FLIGHT_LOST',
  ]);
});

test('the same cause of several runs is named once', () => {
  expect(moreLines({ ...example, runs: [run, run] })).toEqual(['More: shutdown-check explain SHELL_IS_PID1']);
});

test('where nothing is wrong, or all were meant to fail, there is nothing to read', () => {
  const scenario = { ...run, scenario: 'shell-pid1' };
  expect(moreLines({ ...example, runs: [{ ...run, findings: [] }] })).toEqual([]);
  expect(moreLines({ ...example, runs: [scenario, scenario] })).toEqual([]);
});
