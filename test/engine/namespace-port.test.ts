import { expect, test, vi } from 'vitest';
import { CannotRunError } from '../../src/errors.ts';
import type { ExecOptions } from '../../src/plan/options.ts';
import { exec } from '../../src/run.ts';

vi.setConfig({ testTimeout: 30_000 });

const node = (script: string): ExecOptions => ({ command: ['node', '-e', script], network: 'host', graceMs: 2_000 });

async function failureOf(options: ExecOptions): Promise<CannotRunError> {
  const error = await exec(options).then(
    () => expect.unreachable('should not have run'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CannotRunError);
  return error as CannotRunError;
}

test('the port that a command opens is found, also where it is the loopback’s of IPv6 alone', async () => {
  const { result } = await exec({
    ...node(`
      const server = require('http').createServer((_, response) => setTimeout(() => response.end('ok'), 50));
      server.listen(0, '::1');
      process.on('SIGTERM', () => server.close(() => process.exit(0)));
    `),
    connections: 'fresh',
  });
  const [run] = result.runs;
  expect(run).toMatchObject({
    verdict: 'pass',
    target: { address: expect.stringMatching(/^\[::1\]:\d+$/), via: 'local', imageId: null },
    termination: { exitCode: 0, sigkillFired: false, signals: [{ signal: 'SIGTERM', sender: 'harness' }] },
  });
  expect(run?.requests.inFlightAtSignal).toBeGreaterThan(0);
  expect(run?.observation.exit.processEndedAtMs).not.toBeNull();
  // It closes its listener before anything can be read after the signal.
  expect(run?.target.address).toContain(`:${run?.observation.sockets[0]?.listening[0]}`);
});

test('of several ports one has to be named', async () => {
  const { message, nextStep } = await failureOf(
    node("for (const _ of '12') require('net').createServer().listen(0, '127.0.0.1')"),
  );
  expect(message).toMatch(/^The command listens on \d+, \d+, so it is unclear/);
  expect(nextStep).toMatch(/--port \d+/);
});

test('a command that opens no port, or ends before it does, cannot be checked', async () => {
  const waiting = { ...node("console.log('here'); setInterval(() => {}, 1e3)"), readyTimeoutMs: 500 };
  expect(await failureOf(waiting)).toMatchObject({
    message: 'The command opened no TCP port within 0.5 s.',
    detail: ['Its last log lines:', 'stdout: here'],
  });
  expect((await failureOf({ ...waiting, port: 1 })).message).toContain('did not listen on port 1 within');
  expect((await failureOf(node('process.exit(6)'))).message).toContain('exit code 6');
  expect((await failureOf({ ...node('setInterval(() => {}, 1e3)'), when: 'starting' })).nextStep).toContain('--port');
});
