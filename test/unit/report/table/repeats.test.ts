import { describe, expect, test } from 'vitest';

import { renderReport } from '../../../../src/report/table/table.ts';
import type { Result } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { lost, repeated, took, UNCLEAR } from '../fixtures/repeats.ts';

const PLAIN = { color: false, width: 80, unicode: true } as const;

const REPORTS: readonly (readonly [string, Result])[] = [
  ['good', repeated([took(310), took(420), took(390), took(505), took(402)])],
  ['flaky', repeated([took(310), lost(4), took(420), took(415), lost(1)])],
  ['ended', repeated([took(310), UNCLEAR], { asked: 10, ended: { kind: 'broken', because: 'The port is taken.' } })],
];

test.each(REPORTS)(
  'the report of repeated stops, %s, reads as its golden file, in 80 columns',
  async (name, result) => {
    const report = renderReport(result, PLAIN);
    await expectGolden(`repeats-${name}.txt`, report);
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
  },
);

describe('the first sentence', () => {
  const first = (result: Result): string => renderReport(result, { ...PLAIN, width: 400 }).split('\n')[0] ?? '';

  test.each<readonly [string, Result, string]>([
    ['one loss in many', repeated([took(300), took(300), lost(1)]), 'FAIL  1 of 3 stops lost 1 request'],
    ['losses that differ', repeated([lost(1), took(300), lost(4)]), 'FAIL  2 of 3 stops lost requests, 1 to 4 each'],
    [
      'losses alike',
      repeated([lost(3), lost(3)]),
      'FAIL  2 of 2 stops lost 3 requests each; SIGKILL ended each of them.',
    ],
    ['a doubt beside', repeated([lost(3), UNCLEAR]), '1 of 2 stops could not tell.'],
    [
      'only a doubt',
      repeated([took(300), UNCLEAR]),
      'INCONCLUSIVE  1 of 2 stops could not tell; the other one lost nothing.',
    ],
    [
      'another failure',
      repeated([took(300), { ...lost(0), termination: took(300).termination, findings: [] }]),
      'FAIL  1 of 2 stops failed; why: for no reason that was found.',
    ],
  ])('tells of %s', (_, result, sentence) => {
    expect(first(result)).toContain(sentence);
  });
});

test('of a great many runs only those that do not pass have a row', () => {
  const report = renderReport(repeated([...Array.from({ length: 99 }, () => took(300)), lost(2)]), PLAIN);
  expect(report).toMatch(/^Runs\n.+\n.+\n +100 +fail .+\n +99 more are in the saved result\.$/m);
});

test('several targets are told of one after the other, those that were run once too', () => {
  const result = repeated([took(300), lost(1)]);
  const other = { ...took(200), plan: { ...took(200).plan } };
  const report = renderReport({ ...result, runs: [...result.runs, other] }, PLAIN);
  expect(report).toMatch(/^FAIL {2}1 of 2 targets passed/);
  expect(report.match(/^── /gm)).toHaveLength(3);
});
