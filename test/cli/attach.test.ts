import { existsSync } from 'node:fs';

import type Docker from 'dockerode';
import { afterAll, expect, test, vi } from 'vitest';

import { BASE, docker, program, type Running, shutdownCheck, start } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });

const SERVER = `
  const server = require('http').createServer((_, response) => {
    setTimeout(() => response.setHeader('Connection', 'close').end('ok'), 100);
  });
  server.listen(3000);
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
const containers: Docker.Container[] = [];
afterAll(() => Promise.all(containers.map((container) => container.remove({ force: true }))));

/** As `docker run -d --expose 3000` starts it. */
async function started(): Promise<Docker.Container> {
  const ExposedPorts = { '3000/tcp': {} };
  const container = await docker.createContainer({ Image: BASE, Cmd: ['node', '-e', SERVER], ExposedPorts });
  containers.push(container);
  await container.start();
  return container;
}

async function stateOf(container: Docker.Container): Promise<Docker.ContainerInspectInfo['State']> {
  return (await container.inspect()).State;
}

test('a container that was there before is stopped and left so, and the report says how to have it back', async () => {
  const container = await started();
  const { exitCode, stdout } = await shutdownCheck(['run', '--attach', container.id, '--warmup', '1s', '--quiet']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
  expect(stdout.replace(/\s+/g, ' ')).toMatch(/It is left stopped, .* `docker start \S+` brings it back\./);
  expect(await stateOf(container)).toMatchObject({ Status: 'exited', ExitCode: 0 });
});

test.each([
  ['Ctrl-C', 'SIGINT', 130],
  ['the program was killed', 'SIGKILL', null],
] as const)('it goes on untouched after %s in the warm-up', async (_, signal, code) => {
  const container = await started();
  const { StartedAt } = await stateOf(container);
  const running = start(['run', '--attach', container.id, '--warmup', '55s']);
  await running.sees(/^warm-up:/m);
  const [watcher = 0] = await watchersOf(running);
  expect(watcher).toBeGreaterThan(1);
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({ exitCode: code, stdout: '' });
  // What is left to clean up is its work.
  await vi.waitFor(() => expect(existsSync(`/proc/${watcher}`)).toBe(false), { timeout: 20_000 });
  expect(await stateOf(container)).toMatchObject({ Running: true, StartedAt });
});

async function watchersOf({ child }: Running): Promise<readonly number[]> {
  const { stdout } = await program('ps', ['-A', '-ww', '-o', 'ppid=,pid=,args=']);
  const lines = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+) .*\bwatcher\b/.exec(line));
  return lines.flatMap((line) => (Number(line?.[1]) === child.pid ? [Number(line?.[2])] : []));
}
