import { describe, expect, test } from 'vitest';

import { seriesOf, worstOf } from '../../../src/repeat/series.ts';
import { lost, took, UNCLEAR } from '../report/fixtures/repeats.ts';

describe('what runs of one plan come to', () => {
  test('is a fail where one of them fails, with how often that is', () => {
    const runs = [took(300), took(300), lost(2), UNCLEAR, took(310)];
    expect(seriesOf(runs)).toMatchObject({
      runs: 5,
      verdict: 'fail',
      failed: 1,
      inconclusive: 1,
      losing: 1,
      killed: 1,
    });
  });

  test('is inconclusive where none fails and one could not tell', () => {
    expect(seriesOf([took(300), UNCLEAR])).toMatchObject({ verdict: 'inconclusive', failed: 0 });
    expect(seriesOf([took(300), took(400)]).verdict).toBe('pass');
  });

  test('has the least, the middle and the most of each figure', () => {
    const runs = [500, 100, 300, 200, 400].map((ms) => took(ms));
    expect(seriesOf(runs)).toMatchObject({
      lost: { min: 0, median: 0, max: 0 },
      drainMs: { min: 100, median: 300, max: 500 },
      exitedAtMs: { min: 140, median: 340, max: 540 },
    });
  });

  test('counts no time of a stop that was cut short', () => {
    const cutShort = { ...lost(3), termination: { ...lost(3).termination, sigkillFired: false, drainMs: 5 } };
    expect(seriesOf([took(300), cutShort])).toMatchObject({ timed: 1, drainMs: { min: 300, max: 300 } });
    expect(seriesOf([cutShort])).toMatchObject({ timed: 0, drainMs: null, exitedAtMs: null });
  });

  test('has each cause and exit code once, the most frequent cause first', () => {
    const [cause] = lost(1).findings;
    const other = { ...lost(1), findings: cause ? [{ ...cause, code: 'ABRUPT_EXIT' as const }] : [] };
    expect(seriesOf([other, lost(1), lost(2), took(1)])).toMatchObject({
      causes: ['SHELL_IS_PID1', 'ABRUPT_EXIT'],
      exitCodes: [0, 137],
    });
  });
});

test('the worst run is one that fails, of those the costliest, and of good ones the longest', () => {
  const [slow, cheap, dear] = [took(900), lost(1), lost(5)];
  expect(worstOf([took(300), slow, UNCLEAR, cheap, dear])).toBe(dear);
  expect(worstOf([took(300), UNCLEAR, slow])).toBe(UNCLEAR);
  expect(worstOf([took(300), slow])).toBe(slow);
});
