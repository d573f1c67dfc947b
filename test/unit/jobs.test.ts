import { describe, expect, test } from 'vitest';

import { judgeJobs, pairJobs } from '../../src/jobs.ts';
import type { JobLine } from '../../src/observation.ts';
import { createJobLines } from '../../src/witness/job-lines.ts';
import { awaitYoungOne } from '../../src/at-work/jobs.ts';
import { withPlan } from './observed.ts';

const PLAN = { start: 'job (\\d+) begins', end: 'job (\\d+) done' };

/** `+7` starts job 7 and `-7` ends it, one line a millisecond from `fromMs` on; a bare sign has no name. */
function linesOf(text: string, fromMs = 0): readonly JobLine[] {
  return text.split(' ').map((word, nth) => ({
    atMs: fromMs + nth,
    kind: word.startsWith('+') ? 'start' : 'end',
    job: word.slice(1) || null,
  }));
}

describe('which line ends which job', () => {
  const table: readonly (readonly [string, readonly (string | null)[], string])[] = [
    ['+1 +2 -1', ['2'], 'the one of its name'],
    ['+1 -2', ['1'], 'none where its name never began'],
    ['+ + -', [null], 'without names the oldest'],
    ['+1 +2 -', ['2'], 'where only the end has no name the oldest'],
    ['+ + -9', [null], 'where only the start has no name the oldest'],
    ['-1 +1', ['1'], 'none that began later'],
    ['+1 +1 -1', [], 'a job that is tried again is one job'],
    ['+1 -1 +1', ['1'], 'a name that comes again is a job again'],
  ];
  test.each(table)('%s leaves %j: %s', (text, left) => {
    const open = pairJobs(linesOf(text)).filter(({ endedAt }) => endedAt === null);
    expect(open.map(({ name }) => name)).toEqual(left);
  });
});

describe('jobs under way at the signal', () => {
  const at = (...jobs: readonly JobLine[]) => judgeJobs({ ...withPlan({ jobs: PLAN }), jobs })?.underWayAtSignal;
  const start = (job: string, atMs: number): JobLine => ({ kind: 'start', job, atMs });
  const end = (job: string, atMs: number): JobLine => ({ kind: 'end', job, atMs });

  test('count where they lasted over its interval', () => {
    expect(at(start('1', -50), start('2', -40), end('1', 500))).toBe(2);
    expect(at(start('1', -50), end('1', -10), start('2', 40))).toBe(0);
  });

  test('are the least number of them', () => {
    expect(at(start('1', -50), start('2', -40), end('1', 6))).toBe(1);
  });

  test('are not fewer for the blink between one job and the next', () => {
    expect(at(start('1', -50), end('1', 6), start('2', 6.1))).toBe(1);
  });

  test('are not told of where none were watched for', () => {
    expect(judgeJobs(withPlan({}))).toBeNull();
  });
});

describe('the lines of a log', () => {
  test('are matched as they come, and one may end a job and begin the next', () => {
    const jobs = createJobLines(PLAN);
    for (const text of ['job 7 begins', 'nothing', 'job 7 done, job 8 begins']) jobs.add(text, 5);
    expect(jobs.lines).toEqual([
      { kind: 'start', job: '7', atUs: 5 },
      { kind: 'end', job: '7', atUs: 5 },
      { kind: 'start', job: '8', atUs: 5 },
    ]);
  });

  test('of finished jobs are forgotten where they are too many, and counted; those of the others stay', () => {
    const jobs = createJobLines(PLAN);
    jobs.add('job 0 begins', 0);
    for (let job = 1; job <= 100_000; job++) for (const what of ['begins', 'done']) jobs.add(`job ${job} ${what}`, job);
    expect(jobs.lines.length).toBeLessThan(30_000);
    expect(jobs.lines[0]).toMatchObject({ job: '0' });
    expect(pairJobs(jobs.lines).length + jobs.forgotten).toBe(100_001);
  });

  test('do not fill the memory where no end ever matches', () => {
    const jobs = createJobLines({ start: 'begins', end: 'never' });
    for (let job = 0; job < 100_000; job++) jobs.add(`job ${job} begins`, job);
    expect(jobs.lines.length).toBeLessThanOrEqual(40_000);
  });
});

describe('a good moment for the stop', () => {
  const seen = (text: string, msEach: number) =>
    linesOf(text).map(({ atMs, ...line }) => ({ ...line, atUs: atMs * msEach * 1000 }));
  test.each([
    ['+1', 1, true, 'nobody knows yet how long it takes'],
    ['+1 -1', 3, false, 'nothing is under way'],
    ['+1 -1 +2', 210, true, 'it has just begun'],
    ['+1 -1 +2', 280, false, 'it is nearly done'],
  ])('%s after %i ms: %s, %s', (text, nowMs, good) => {
    expect(awaitYoungOne()(seen(text, 100), nowMs * 1000)).toBe(good);
  });

  test('is looked for among the lines that are new, and among all where old ones were forgotten', () => {
    let looks = 0;
    const counted = (text: string) =>
      seen(text, 100).map(({ kind, ...line }) => ({
        ...line,
        get kind() {
          looks++;
          return kind;
        },
      }));
    const [isGood, lines] = [awaitYoungOne(), counted('+1 -1 +2')];
    expect(isGood(lines, 280_000)).toBe(false);
    looks = 0;
    expect(isGood(lines, 285_000)).toBe(false);
    expect(looks).toBe(0);
    lines.push(...seen('+3', 0).map((line) => ({ ...line, atUs: 290_000 })));
    expect(isGood(lines, 291_000)).toBe(true);
    expect(looks).toBe(0);
    expect(isGood(counted('+1 -1 +2 -2'), 300_000)).toBe(false);
  });
});
