import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, describe, expect, test, vi } from 'vitest';

import { balancerFile } from '../../src/plan/balancer.ts';
import type { Result } from '../../src/result.ts';
import { readLedger } from '../../src/save.ts';
import { type App, cleanUp, containersOf, program, sample, shutdownCheck, start, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
afterAll(cleanUp);

/** So long a clean-up may take, on a busy machine too. */
const SECONDS = { timeout: 10_000, interval: 100 };
const QUICK = ['--replicas', '2', '--warmup', '1s', '--routing-lag', '1s', '--pre-stop', 'sleep:2s'];

/** Processes that name the folder, such as a HAProxy whose files are in it. */
async function processesIn(folder: string): Promise<readonly string[]> {
  const { stdout } = await program('ps', ['-A', '-ww', '-o', 'stat=,args=']);
  return stdout.split('\n').filter((line) => line.includes(folder) && !line.startsWith('Z'));
}

async function isClean(made: App, folder: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await containersOf(made)).toEqual([]);
    expect(await processesIn(folder)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  }, SECONDS);
}

describe.runIf(process.platform === 'linux' && balancerFile('haproxy') !== null).concurrent('rollout', () => {
  test('reports, saves and leaves nothing behind', async () => {
    const made = await sample('drains');
    const [TMPDIR, output] = [await temporaryFolder(), await temporaryFolder()];
    const args = ['rollout', made.folder, ...QUICK, '--output', output];
    const { exitCode, stdout, stderr } = await shutdownCheck(args, { env: { TMPDIR } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS {2}Users lost nothing/) });
    expect(stdout).toMatch(/\nUsers\n[^]*\nReplicas {2}[^]*\nRoll-out {2}[^]*\nBalancer {2}[^]*\nMeasured\n/);
    expect(stderr).toMatch(/\nreplace: replica 1 of 2: starting the new one\n/);
    const { rollouts, runs } = JSON.parse(await readFile(path.join(output, 'result.json'), 'utf8')) as Result;
    expect({ runs, verdicts: rollouts?.map(({ verdict }) => verdict) }).toEqual({ runs: [], verdicts: ['pass'] });
    const ledger = await readLedger(path.join(output, rollouts?.[0]?.ledger ?? ''));
    expect(ledger.length).toBe(rollouts?.[0]?.requests.sent);
    await isClean(made, TMPDIR);
  });

  test.each([
    ['Ctrl-C', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
  ] as const)('%s while a replica is stopped leaves no container, no balancer and no file', async (_, signal, code) => {
    const made = await sample('drains');
    const TMPDIR = await temporaryFolder();
    const running = start(['rollout', made.folder, ...QUICK, '--pre-stop', 'sleep:20s'], { env: { TMPDIR } });
    await running.sees(/^replace: replica 1 of 2: stopping the old one/m);
    expect(await processesIn(TMPDIR)).not.toEqual([]);
    expect(await containersOf(made)).toHaveLength(3);
    const from = performance.now();
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ exitCode: code, stdout: '' });
    expect(performance.now() - from).toBeLessThan(10_000);
    await isClean(made, TMPDIR);
  });

  test('`kill -9` leaves none of them either', async () => {
    const made = await sample('drains');
    const TMPDIR = await temporaryFolder();
    const running = start(['rollout', made.folder, ...QUICK, '--pre-stop', 'sleep:20s'], { env: { TMPDIR } });
    await running.sees(/^replace: replica 1 of 2: stopping the old one/m);
    running.child.kill('SIGKILL');
    expect(await running.ended).toMatchObject({ exitCode: null, stdout: '' });
    await isClean(made, TMPDIR);
  });
});

test('without a HAProxy it says how to get one, before anything is built', async () => {
  const { exitCode, stdout, stderr } = await shutdownCheck(['rollout', 'app:1', '--balancer', 'no-such-haproxy']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(
    /^There is no no-such-haproxy on this machine, [^]*apt-get install haproxy[^]*--balancer haproxy:/,
  );
});
