import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { readLedger } from '../../src/save.ts';
import {
  app,
  cleanUp,
  containersOf,
  dockerfile,
  sample,
  server,
  shutdownCheck,
  start,
  temporaryFolder,
} from './support.ts';

vi.setConfig({ testTimeout: 120_000 });
afterAll(cleanUp);

/** No lag, and so no sleep before the signal: the quickest stop of a pod. */
const QUICK = ['--warmup', '500ms', '--routing-lag', '0s'];

async function savedIn(folder: string): Promise<Result> {
  return JSON.parse(await readFile(path.join(folder, 'result.json'), 'utf8')) as Result;
}

test('a budget stops the same image again and again at several loads, and says what to set', async () => {
  const { folder } = await sample('drains');
  const output = await temporaryFolder();
  const { exitCode, stdout, stderr } = await shutdownCheck([
    'budget',
    folder,
    ...QUICK,
    '--runs',
    '4',
    '--output',
    output,
  ]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS {2}4 stops took /) });
  expect(stdout).toMatch(/terminationGracePeriodSeconds: \d+\n.*docker stop -t \d+\n.*stop_grace_period: \d+s\n/);
  expect(stdout.replace(/\s+/g, ' ')).toContain('at 34 % confidence (1 - 0.9^4, whatever the distribution)');
  expect(stderr).toMatch(/^image: .+\n(run \d of 4 at [\d.]+ requests\/s: drain [\d.]+ m?s\n){4}Saved in .+\n$/);

  const { budget, runs, verdict } = await savedIn(output);
  expect({ verdict, runs: runs.length, of: new Set(runs.map(({ target }) => target.imageId)).size }).toEqual({
    verdict: 'pass',
    runs: 4,
    of: 1,
  });
  const rates = runs.map(({ plan }) => plan.ratePerSecond);
  expect(new Set(rates)).toEqual(new Set([rates[0]!, rates[0]! * 2, rates[0]! / 2]));
  expect(rates[3]).toBe(rates[0]);
  expect(runs.map(({ plan }) => [plan.profile, plan.graceMs])).toEqual(runs.map(() => ['kubernetes', 120_000]));
  expect(new Set(runs.map(({ target }) => target.reference)).size).toBe(1);
  expect(budget).toMatchObject({ runsAsked: 4, graceMs: 30_000, ended: { kind: 'complete' }, others: [] });
  expect(budget?.loads.map(({ stops }) => stops)).toEqual([1, 2, 1]);
  for (const { ledger } of runs) expect((await readLedger(path.join(output, ledger ?? ''))).length).toBeGreaterThan(0);
});

test('the preStop sleep that it advises is the one that its runs had', async () => {
  const { folder } = await sample('drains');
  const args = [
    '--warmup',
    '500ms',
    '--routing-lag',
    '500ms',
    '--rates',
    '20',
    '--runs',
    '1',
    '--json',
    '-',
    '--quiet',
  ];
  const { exitCode, stdout } = await shutdownCheck(['budget', folder, ...args]);
  const { budget, runs } = JSON.parse(stdout) as Result;
  expect({ exitCode, hook: budget?.hook }).toEqual({ exitCode: 0, hook: 'sleep:1s' });
  expect(runs[0]?.termination.preStop).toMatchObject({ end: 'done' });
  expect(budget?.advice).toMatchObject({ kind: 'recommended', sleep: { seconds: 1 }, grace: { sleepS: 1, of: 1 } });
});

describe.concurrent('a budget makes no sense', () => {
  test('where stops fail for another reason than time, and says so first', async () => {
    const { folder } = await sample('abrupt-exit');
    const { exitCode, stdout } = await shutdownCheck([
      'budget',
      folder,
      ...QUICK,
      '--runs',
      '2',
      '--rates',
      '30',
      '--quiet',
    ]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/^FAIL {2}2 of 2 stops failed for another reason than time\./),
    });
    expect(stdout).toContain('Failed ABRUPT_EXIT: 2 of 2 stops');
    expect(stdout).not.toContain('Recommended');
  });

  test('where no time is enough: SIGKILL is not waited for twice', async () => {
    const { folder } = await sample('no-handler');
    const output = await temporaryFolder();
    const args = [...QUICK, '--runs', '5', '--max-grace', '2s', '--output', output];
    const { exitCode, stdout, stderr } = await shutdownCheck(['budget', folder, ...args]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/^FAIL {2}No grace period up to 2 s is enough:/),
    });
    expect(stdout).toContain('Ended after 1 of 5 runs');
    expect(stdout).toMatch(/> 2 s/);
    expect(stderr).toMatch(/^run 1 of 5 at [\d.]+ requests\/s: SIGKILL, PID1_NO_HANDLER$/m);
    expect((await savedIn(output)).budget).toMatchObject({ advice: { kind: 'noBound' }, confidence: null });
  });
});

describe.concurrent('what was measured is kept', () => {
  test('where a later run cannot take place: exit code 2', async () => {
    const { folder } = await app({
      Dockerfile: dockerfile('EXPOSE 3000'),
      'server.mjs': server(
        "await sleep(100); response.end('done');",
        `process.on('SIGTERM', drain);
        const { existsSync, writeFileSync } = await import('node:fs');
        if (existsSync('/kept/started')) throw new Error('started before');
        writeFileSync('/kept/started', '');`,
      ),
    });
    const output = await temporaryFolder();
    const args = [...QUICK, '--runs', '3', '--rates', '20', '--volume', `${output}:/kept`, '--output', output];
    const { exitCode, stdout } = await shutdownCheck(['budget', folder, ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: expect.stringMatching(/^PASS {2}1 stop took /) });
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain('Ended after 1 of 3 runs, for run 2 could not be run: The container exited before');
    expect((await savedIn(output)).budget?.ended.kind).toBe('broken');
  });

  test('at Ctrl-C, once a run is done', async () => {
    const made = await sample('drains');
    const running = start(['budget', made.folder, ...QUICK, '--rates', '20', '--output', await temporaryFolder()]);
    await running.sees(/^run 1 of 10 at 20 requests\/s: drain/m);
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: expect.stringMatching(/^PASS /) });
    expect(stdout).toMatch(/^Interrupted after \d of 10 runs/m);
    expect(await containersOf(made)).toEqual([]);
  });

  test('at Ctrl-C, before a run is done, there is nothing', async () => {
    const made = await sample('drains');
    const running = start(['budget', made.folder, '--warmup', '55s', '--rates', '20', '--verbose']);
    await running.sees(/run 1 of 10 at 20 requests\/s: warming up/);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ exitCode: 130, stdout: '' });
    expect(await containersOf(made)).toEqual([]);
  });
});
