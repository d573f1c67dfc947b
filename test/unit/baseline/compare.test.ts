import { describe, expect, test } from 'vitest';

import { chanceOfMore } from '../../../src/baseline/chance.ts';
import { compare } from '../../../src/baseline/compare.ts';
import { seriesOf } from '../../../src/repeat/series.ts';
import type { RunRecord } from '../../../src/result.ts';
import { lost, took, UNCLEAR } from '../report/fixtures/repeats.ts';

type Runs = readonly RunRecord[];

const times = (many: number, run: RunRecord): Runs => Array.from({ length: many }, () => run);
const kinds = (was: Runs, is: Runs): readonly string[] => compare(seriesOf(was), seriesOf(is)).map(({ kind }) => kind);
const messages = (was: Runs, is: Runs): readonly string[] =>
  compare(seriesOf(was), seriesOf(is)).map(({ message }) => message);

/** A stop without a SIGKILL that lost so many. */
const dropped = (many: number): RunRecord => ({ ...lost(many), termination: took(20).termination });
const withCause = (code: 'ABRUPT_EXIT' | 'CAUSE_UNCLEAR'): RunRecord => ({
  ...dropped(3),
  findings: dropped(3).findings.flatMap((one) => (one.code === 'SHELL_IS_PID1' ? [{ ...one, code }] : [])),
});

describe('a drain of a single run', () => {
  test('is longer only by half of it again, and by a second at least, for a single run has no spread', () => {
    expect(kinds([took(200)], [took(1_200)])).toEqual([]);
    expect(kinds([took(200)], [took(1_201)])).toEqual(['drain']);
    expect(kinds([took(6_000)], [took(9_000)])).toEqual([]);
    expect(kinds([took(6_000)], [took(9_001)])).toEqual(['drain']);
  });

  test('that is longer is told with both figures, and with the one that would have passed', () => {
    expect(messages([took(200)], [took(2_200)])).toEqual([
      'The drain took 200 ms then, and takes 2.20 s now; up to 1.20 s would pass as the same.',
    ]);
  });

  test('may have met a slow request by chance, and is longer only beyond what an answer took before the stop', () => {
    const before = { p50: 200, p99: 210, max: 3_000 };
    const run = took(200);
    const mixed = { ...run, requests: { ...run.requests, latencyMs: { ...run.requests.latencyMs, before } } };
    expect(kinds([mixed], [took(4_500)])).toEqual([]);
    expect(kinds([mixed], [took(4_501)])).toEqual(['drain']);
  });

  test('that is shorter is no regression', () => {
    expect(kinds([took(9_000)], [took(200)])).toEqual([]);
  });
});

describe('a drain of several runs', () => {
  const then = [300, 320, 350, 380, 400].map((ms) => took(ms));

  test('is longer where its median is beyond the most of then, by a tenth and a quarter of a second at least', () => {
    expect(kinds(then, times(5, took(650)))).toEqual([]);
    expect(kinds(then, times(5, took(651)))).toEqual(['drain']);
    expect(kinds(times(5, took(5_000)), times(5, took(5_500)))).toEqual([]);
    expect(kinds(times(5, took(5_000)), times(5, took(5_501)))).toEqual(['drain']);
  });

  test('is not longer for one slow run among them', () => {
    expect(kinds(then, [took(300), took(310), took(320), took(330), took(9_000)])).toEqual([]);
  });

  test('has the wide margin where one side has too few runs to show a spread', () => {
    expect(kinds(then, [took(1_000)])).toEqual([]);
    expect(kinds([took(300)], times(10, took(1_000)))).toEqual([]);
    expect(kinds(then, [took(1_500)])).toEqual(['drain']);
  });

  test('that was cut short then is nothing to hold a whole one against', () => {
    expect(kinds([withCause('ABRUPT_EXIT')], [took(9_000)])).toEqual([]);
  });
});

describe('the whole stop', () => {
  test('that takes longer with the same drain is told, and with a longer drain only that', () => {
    expect(kinds([took(200, 300)], [took(200, 4_000)])).toEqual(['stop']);
    expect(kinds([took(200, 300)], [took(4_000, 4_100)])).toEqual(['drain']);
  });
});

describe('what was lost', () => {
  test('is more wherever there was nothing, and the verdict is worse then', () => {
    expect(kinds([took(300)], [dropped(1)])).toEqual(['verdict', 'lost']);
    expect(messages(times(10, took(300)), [...times(9, took(300)), dropped(2)])).toEqual([
      'The verdict was pass in all 10 runs, and is fail in 1 of 10 runs.',
      'It lost nothing then, and loses now: 2 at the most in 1 of 10 runs.',
    ]);
  });

  test('is not more for differing a little from one lossy stop to the next', () => {
    expect(kinds([dropped(3)], [dropped(8)])).toEqual([]);
    expect(kinds([dropped(3)], [dropped(9)])).toEqual(['lost']);
    expect(kinds([dropped(100)], [dropped(150)])).toEqual([]);
    expect(kinds([dropped(100)], [dropped(151)])).toEqual(['lost']);
  });

  test('is more where it happens so much more often that chance does not do it', () => {
    const oneInTen = [...times(9, took(300)), dropped(1)];
    expect(kinds(oneInTen, [...times(7, took(300)), ...times(3, dropped(1))])).toEqual([]);
    expect(kinds(oneInTen, times(10, dropped(1)))).toEqual(['verdict', 'lost']);
  });
});

describe('the end', () => {
  test('by SIGKILL is worse where there was none', () => {
    expect(kinds([dropped(4)], [lost(4)])).toEqual(['sigkill']);
    expect(kinds([lost(4)], [lost(4)])).toEqual([]);
  });

  test('for another cause is worse, but not where the evidence only does not decide', () => {
    expect(messages([dropped(3)], [withCause('ABRUPT_EXIT')])).toEqual([
      'The cause was SHELL_IS_PID1, and is ABRUPT_EXIT.',
    ]);
    expect(kinds([dropped(3)], [withCause('CAUSE_UNCLEAR')])).toEqual([]);
    expect(kinds([withCause('CAUSE_UNCLEAR')], [dropped(3)])).toEqual([]);
  });
});

test('a check that could not tell is no worse than any, and a mended one is none either', () => {
  expect(kinds([took(300)], [UNCLEAR])).toEqual([]);
  expect(kinds([lost(4)], [took(300)])).toEqual([]);
});

describe('the chance of so many more', () => {
  test('is that of Fisher’s exact test', () => {
    // By hand: 11 of 20 runs lost, and one in C(20, 10) / C(11, 10) ways has 10 of them among the 10 of now.
    expect(chanceOfMore({ times: 1, of: 10 }, { times: 10, of: 10 })).toBeCloseTo(11 / 184_756, 9);
    expect(chanceOfMore({ times: 0, of: 2 }, { times: 2, of: 2 })).toBeCloseTo(1 / 6, 9);
    expect(chanceOfMore({ times: 5, of: 5 }, { times: 1, of: 5 })).toBeCloseTo(1, 9);
  });
});
