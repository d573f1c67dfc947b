import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { app, type App, cleanUp, containersOf, docker, dockerfile, server, shutdownCheck, start } from './support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
afterAll(cleanUp);

/** So long a clean-up may take, on a busy machine too. */
const SECONDS = { timeout: 10_000, interval: 100 };

const DRAINS = {
  Dockerfile: dockerfile('EXPOSE 3000'),
  'server.mjs': server("await sleep(100); response.end('done');", "process.on('SIGTERM', drain);"),
};

/** A folder with a compose file of these services, all of the same app, and of what is given beside. */
async function shop(services: Readonly<Record<string, object>>): Promise<App> {
  const made = await app(DRAINS);
  const built = Object.entries(services).map(([name, more]) => [name, { build: '.', ...more }] as const);
  await writeFile(path.join(made.folder, 'compose.yaml'), JSON.stringify({ services: Object.fromEntries(built) }));
  return made;
}

async function networksOf(made: App): Promise<readonly string[]> {
  const containers = await containersOf(made);
  return [...new Set(containers.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks)))];
}

async function isThere(network: string): Promise<boolean> {
  return await docker
    .getNetwork(network)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

test.each([
  ['Ctrl-C', 'SIGINT', 130],
  ['the program was killed', 'SIGKILL', null],
] as const)(
  'after %s nothing is left of a service, of those beside it, and of their network',
  async (_, signal, code) => {
    const made = await shop({ api: { depends_on: ['db'] }, db: {}, log: {} });
    const file = path.join(made.folder, 'compose.yaml');
    const running = start(['run', file, '--service', 'api', '--sidecar', 'log', '--warmup', '55s']);
    await running.sees(/^warm-up:/m);
    expect(await containersOf(made)).toHaveLength(3);
    const [network = '', ...others] = await networksOf(made);
    expect({ network, others }).toEqual({ network: expect.stringMatching(/^shutdown-check-/), others: [] });
    running.child.kill(signal);
    expect((await running.ended).exitCode).toBe(code);
    await vi.waitFor(async () => expect(await containersOf(made)).toEqual([]), SECONDS);
    await vi.waitFor(async () => expect(await isThere(network)).toBe(false), SECONDS);
  },
);

test('a folder’s compose file is found, and each of its services is reported', async () => {
  const made = await shop({ api: {}, web: {}, worker: { build: undefined, image: 'worker' } });
  const args = [
    'run',
    made.folder,
    '--all',
    '--warmup',
    '1500ms',
    '--connections',
    'fresh',
    '--json',
    '-',
    '--no-color',
  ];
  const { exitCode, stdout, stderr } = await shutdownCheck(args);
  expect(exitCode).toBe(0);
  const { runs } = JSON.parse(stdout) as Result;
  expect(runs.map(({ plan }) => plan.resolved.service)).toEqual(['api', 'web']);
  expect(stderr).toMatch(/^PASS {2}2 of 2 services passed, in /m);
  expect(stderr).toMatch(/^\S+ api \S+$/m);
  expect(stderr).toContain('Left out: worker names no port');
});

test('a service that cannot be checked makes the program end with 2, whatever the others came to', async () => {
  const made = await shop({ api: {}, web: { command: ['node', '-e', 'process.exit(3)'] } });
  const args = ['run', made.folder, '--all', '--warmup', '1500ms', '--connections', 'fresh', '--quiet'];
  const { exitCode, stdout, stderr } = await shutdownCheck(args);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^PASS /);
  expect(stderr).toContain('Could not check web: The container exited before it was stopped: exit code 3.');
});
