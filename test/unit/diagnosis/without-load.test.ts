import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import { Ledger } from '../../../src/load/ledger.ts';
import type { JobLine, Observation } from '../../../src/observation.ts';
import { withPlan } from '../observed.ts';
import { exited, KILLED, tree } from './endings.ts';

const codesOf = (observation: Observation): readonly string[] => {
  const { verdict, findings } = assess(observation, new Ledger());
  return [verdict, ...findings.map(({ code }) => code)];
};

describe('a worker', () => {
  const start = (job: string, atMs: number): JobLine => ({ kind: 'start', job, atMs });
  const end = (job: string, atMs: number): JobLine => ({ kind: 'end', job, atMs });
  const worker = (jobs: readonly JobLine[], changes: Partial<Observation> = {}): Observation => ({
    ...withPlan({ jobs: { start: 'begins', end: 'done' } }, { kind: 'none', requests: [] }),
    snapshots: [tree(-1, 'node worker.js')],
    jobs,
    ...changes,
  });

  test('that finishes what was under way passes', () => {
    const { verdict, findings, jobs } = assess(worker([start('1', -300), end('1', 400)]), new Ledger());
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] });
    expect(jobs).toEqual({ started: 1, finished: 1, lost: 0, underWayAtSignal: 1 });
  });

  test('of which nothing was under way shows nothing', () => {
    expect(codesOf(worker([start('1', -300), end('1', -100)]))).toEqual(['inconclusive', 'NOTHING_IN_FLIGHT']);
  });

  test('without patterns shows no more than how it ended', () => {
    const unwatched = withPlan({}, { kind: 'none', requests: [] });
    expect(codesOf(unwatched)).toEqual(['inconclusive', 'NOTHING_WATCHED']);
    expect(codesOf({ ...unwatched, ...exited(1, 60) })).toEqual(['fail', 'UNEXPECTED_EXIT_CODE', 'NOTHING_WATCHED']);
  });

  test('without patterns shows no more either where it is stopped so long after its start', () => {
    const unwatched = withPlan({ when: 2000 }, { kind: 'none', requests: [] });
    expect(codesOf({ ...unwatched, ...exited(143, 40) })).toEqual(['inconclusive', 'NOTHING_WATCHED']);
  });

  test('that leaves its job exits abruptly, and the job is named with its age', () => {
    const { verdict, findings } = assess(worker([start('17', -300)], exited(0, 60)), new Ledger());
    expect(verdict).toBe('fail');
    expect(findings.map(({ code }) => code)).toEqual(['ABRUPT_EXIT', 'JOBS_LOST']);
    expect(findings[0]?.message).toContain('with 1 job still under way');
    expect(findings[1]?.message).toBe('1 job (17) was started and never finished, begun 300 ms before the stop.');
  });

  test('that takes a new job after the signal and leaves that loses it too', () => {
    const snapshots = [tree(-1, 'node worker.js'), tree(100, 'node worker.js')];
    const jobs = [start('1', -300), end('1', 300), start('2', 301)];
    const { findings } = assess(worker(jobs, { ...exited(0, 400), snapshots }), new Ledger());
    expect(findings.find(({ code }) => code === 'JOBS_LOST')).toMatchObject({
      message: '1 job (2) was started and never finished. It had been started after SIGTERM.',
      advice: 'Take no new job once SIGTERM has come.',
    });
  });

  test('whose job was under way when a pod’s stop began, and done before the signal, has shown what becomes of one', () => {
    const pod = (jobs: readonly JobLine[]): Observation => {
      const { plan, ...rest } = worker(jobs, exited(0, 2050));
      const signal = { signalFromMs: 2000, signalByMs: 2012 };
      return {
        ...rest,
        ...signal,
        plan: { ...plan, profile: 'kubernetes', preStop: { kind: 'sleep', sleepMs: 2000 } },
      };
    };
    expect(assess(pod([start('1', -300), end('1', 300)]), new Ledger()).verdict).toBe('pass');
    expect(assess(pod([start('1', -300), end('1', -100)]), new Ledger()).verdict).toBe('inconclusive');
  });

  test('that goes on taking jobs until SIGKILL is unclear, with that as the candidate', () => {
    const snapshots = [tree(-1, 'node worker.js'), tree(100, 'node worker.js')];
    const jobs = [start('1', -300), end('1', 300), start('2', 9900)];
    const { findings } = assess(worker(jobs, { ...KILLED, snapshots }), new Ledger());
    expect(findings[0]).toMatchObject({ code: 'CAUSE_UNCLEAR' });
    expect(findings[0]?.message).toContain('does not keep it from taking new jobs');
  });

  test.each([
    ['HANDLER_EXCEEDS_GRACE', 'works longer than the grace period', ['node worker.js'], KILLED],
    ['PID1_NO_HANDLER', 'never learns of the signal', ['!node worker.js'], KILLED],
    ['SHELL_IS_PID1', 'is behind a shell', ['!/bin/sh -c node worker.js', 'node worker.js'], KILLED],
    ['DEFAULT_ACTION_DEATH', 'dies of it behind an init', ['!tini -- worker', '!worker'], exited(143, 40)],
  ] as const)('%s: it %s', (code, _title, commands, ending) => {
    const snapshots = [tree(-1, ...commands), tree(100, ...commands)];
    expect(codesOf(worker([start('1', -300)], { ...ending, snapshots }))).toEqual(['fail', code, 'JOBS_LOST']);
  });
});

describe('an app that is stopped while it starts', () => {
  const starting = (changes: Partial<Observation>): Observation => ({ ...withPlan({ when: 500 }), ...changes });
  const late = [tree(-100, 'node a.js'), tree(100, '!node a.js'), tree(9000, 'node a.js')];

  test.each([
    ['exits 0', exited(0, 60)],
    ['dies of the signal', exited(143, 40)],
  ])('passes where it %s', (_title, ending) => {
    expect(codesOf(starting({ ...ending, snapshots: [tree(-1, 'node a.js')] }))).toEqual(['pass']);
  });

  test('and was ready by then shows nothing about its start-up', () => {
    expect(codesOf(starting({ ...exited(0, 60), becameReadyAtMs: -200 }))).toEqual([
      'inconclusive',
      'READY_BEFORE_SIGNAL',
    ]);
  });

  test('loses the signal where it learns to handle it only later', () => {
    expect(codesOf(starting({ ...KILLED, snapshots: late, becameReadyAtMs: 2500 }))).toEqual([
      'fail',
      'LOST_AT_STARTUP',
    ]);
    expect(codesOf(starting({ ...KILLED, snapshots: late }))).toEqual(['fail', 'LOST_AT_STARTUP']);
  });

  test('loses it too where its handler is there, and nobody asks for it: it gets ready and serves on', () => {
    const snapshots = [tree(-100, 'node a.js'), tree(9000, 'node a.js')];
    expect(codesOf(starting({ ...KILLED, snapshots, becameReadyAtMs: 2500 }))).toEqual(['fail', 'LOST_AT_STARTUP']);
  });

  test('loses it where it has no handler and never gets ready: it may have got one', () => {
    const snapshots = [tree(-100, '!node a.js'), tree(9000, '!node a.js')];
    expect(codesOf(starting({ ...KILLED, snapshots }))).toEqual(['fail', 'LOST_AT_STARTUP']);
  });

  test('loses it in an entrypoint script that makes room for the app only later, and the script is named', () => {
    const snapshots = [tree(-100, '!/bin/sh run.sh', '!sleep 2'), tree(9000, 'node a.js')];
    const { findings } = assess(starting({ ...KILLED, snapshots, becameReadyAtMs: 2500 }), new Ledger());
    expect(findings[0]).toMatchObject({ code: 'LOST_AT_STARTUP', args: { script: '/bin/sh run.sh' } });
  });

  test.each([
    ['SHELL_IS_PID1', 'a shell stays in front of it', ['!/bin/sh -c node a.js', 'node a.js'], 2500],
    ['PID1_NO_HANDLER', 'it never has a handler', ['!node a.js'], 2500],
    ['PID1_NO_HANDLER', 'it was ready before', ['!node a.js'], -100],
    ['CAUSE_UNCLEAR', 'it has a handler, and never gets ready', ['node a.js'], null],
  ] as const)('is another case, %s, where %s', (code, _title, commands, becameReadyAtMs) => {
    const snapshots = [tree(-100, ...commands), tree(100, ...commands), tree(9000, ...commands)];
    expect(codesOf(starting({ ...KILLED, snapshots, becameReadyAtMs }))[1]).toBe(code);
  });
});
