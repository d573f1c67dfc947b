import Docker from 'dockerode';
import { GenericContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { connectDocker } from '../../src/engines/docker/connect.ts';
import type { Engine, EngineEvent, LogLine, Target } from '../../src/engines/engine.ts';
import { CannotRunError } from '../../src/errors.ts';
import type { RunOptions } from '../../src/plan/options.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import type { RunRecord } from '../../src/result.ts';
import { type RunHooks, runOn } from '../../src/run.ts';
import { PLAIN } from '../plain-container.ts';

vi.setConfig({ testTimeout: 60_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const AS_DOCKER = { profile: 'docker', container: PLAIN } as const;
const LABEL = { 'shutdown-check.test': `attach/${process.pid}` };
/** Answers after 0.1 s, drains on the signal, and exits with this code. */
const drains = (exitCode: number): string => `
  const server = require('http').createServer((_, response) => {
    setTimeout(() => response.setHeader('Connection', 'close').end('ok'), 100);
  });
  server.listen(3000, () => console.log('up'));
  process.on('SIGTERM', () => { console.log('bye'); server.close(() => process.exit(${exitCode})); });
`;
/** Writes a line ten times a second, numbered, and ends on the signal. */
const WRITES = `
  let line = 0;
  setInterval(() => console.log('line ' + ++line), 100);
  process.on('SIGTERM', () => process.exit(0));
`;

const docker = new Docker();
let engine: Engine;
beforeAll(async () => {
  engine = await connectDocker();
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  for (const { Id } of await docker.listContainers({ all: true, filters: labelled() }))
    await docker.getContainer(Id).remove({ force: true });
});

function labelled() {
  return { label: [`shutdown-check.test=${LABEL['shutdown-check.test']}`] };
}

type More = Omit<Docker.ContainerCreateOptions, 'Image' | 'Labels'>;

/** A container that somebody else started. */
async function started(command: readonly string[], more: More = {}): Promise<Docker.Container> {
  const container = await docker.createContainer({ Image: BASE, Cmd: [...command], Labels: LABEL, ...more });
  await container.start();
  return container;
}

const node = (script: string): readonly string[] => ['node', '-e', script];

async function check(options: RunOptions, hooks: RunHooks = {}): Promise<RunRecord> {
  const plan = await resolvePlan({ warmupMs: 1_000, rate: 20, graceMs: 5_000, ...options });
  return (await runOn(engine, plan, hooks)).record;
}

function attach({ id }: Docker.Container): Promise<Target> {
  return engine.attach({ kind: 'container', reference: id }, AS_DOCKER);
}

async function refusalOf(attached: Promise<unknown>): Promise<CannotRunError> {
  const error: unknown = await attached.then(
    () => expect.unreachable('should have been refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CannotRunError);
  return error as CannotRunError;
}

describe('a container that was there before', () => {
  test('is checked as any other, and left stopped as it was, to be started again', async () => {
    const container = await started(node(drains(0)), { ExposedPorts: { '3000/tcp': {} } });
    const before = await container.inspect();
    const record = await check({ attach: before.Name.slice(1) });
    expect(record.verdict).toBe('pass');
    expect(record.target).toMatchObject({ reference: before.Name.slice(1), imageId: before.Image, via: 'container' });
    expect(record.observation.target.attached).toMatchObject({ image: BASE, startedBy: null, removedAtEnd: false });
    const after = await container.inspect();
    expect(after.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect(after.HostConfig).toEqual(before.HostConfig);

    await container.start();
    const again = await check({ attach: container.id.slice(0, 12), port: 3000 });
    expect(again.verdict).toBe('pass');
    expect(again.observation.logs.filter(({ text }) => text === 'bye')).toHaveLength(1);
  });

  test('may be one of testcontainers, which removes it in its own time', async () => {
    vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true');
    await using container = await new GenericContainer(BASE)
      .withCommand([...node(drains(0))])
      .withLabels(LABEL)
      .withExposedPorts(3000)
      .start();
    const record = await check({ attach: container.getId() });
    expect(record.verdict).toBe('pass');
    expect(record.observation.target.attached?.startedBy).toEqual({ kind: 'testcontainers' });
    expect((await docker.getContainer(container.getId()).inspect()).State.Status).toBe('exited');
  });

  test('that the engine removes when it ends tells its exit code all the same', async () => {
    const container = await started(node(drains(7)), { HostConfig: { AutoRemove: true } });
    const record = await check({ attach: container.id, port: 3000 });
    expect(record.termination).toMatchObject({ exitCode: 7, sigkillFired: false, oomKilled: false });
    expect(record.findings.map(({ code }) => code)).toEqual(['UNEXPECTED_EXIT_CODE']);
    expect(record.observation.target.attached?.removedAtEnd).toBe(true);
    await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('goes on running where the run is interrupted before the stop', async () => {
    const container = await started(node(drains(0)));
    const { StartedAt } = (await container.inspect()).State;
    const user = new AbortController();
    const interrupted = check(
      { attach: container.id, port: 3000, warmupMs: 50_000 },
      {
        signal: user.signal,
        onProgress: (progress) => {
          if (progress.kind === 'stage' && progress.stage === 'warm-up') user.abort(new Error('interrupted'));
        },
      },
    );
    await expect(interrupted).rejects.toThrow('interrupted');
    expect((await container.inspect()).State).toMatchObject({ Running: true, StartedAt });
  });

  test('outlives the engine that was attached to it', async () => {
    const container = await started(['sleep', '300']);
    const other = await connectDocker();
    await using target = await other.attach({ kind: 'container', reference: container.id }, AS_DOCKER);
    expect((await target.processes())?.processes).toMatchObject([{ isPid1: true, command: 'sleep 300' }]);
    await other[Symbol.asyncDispose]();
    expect((await container.inspect()).State.Running).toBe(true);
  });
});

describe('a container that cannot be attached to', () => {
  test('is named with those that run and are nearest to it', async () => {
    const name = `attach-web-${process.pid}`;
    await started(['sleep', '300'], { name });
    const refusal = await refusalOf(check({ attach: name.replace('web', 'wbe') }));
    expect(refusal.message).toMatch(/^There is no container attach-wbe-/);
    expect(refusal.nextStep).toBe(`Did you mean ${name}?`);
    expect(refusal.detail).toEqual([expect.stringMatching(`^Running: ${name}`)]);
  });

  test.each([
    ['has ended', ['sh', '-c', 'exit 4'], 'exited', /does not run: it is exited \(exit code 4\)/, /docker start /],
    ['is paused', ['sleep', '300'], 'paused', /is paused/, /docker unpause /],
  ])('%s', async (_, command, status, message, nextStep) => {
    const container = await started(command);
    if (status === 'paused') await container.pause();
    await vi.waitFor(async () => expect((await container.inspect()).State.Status).toBe(status), { timeout: 10_000 });
    const refusal = await refusalOf(check({ attach: container.id }));
    expect(refusal.message).toMatch(message);
    expect(refusal.nextStep).toMatch(nextStep);
  });

  test('keeps ending, and is started again each time', async () => {
    const container = await started(['sh', '-c', 'exit 4'], { HostConfig: { RestartPolicy: { Name: 'always' } } });
    // The engine waits longer and longer before it tries again.
    const isRestarting = async (): Promise<void> => {
      const { RestartCount, State } = await container.inspect();
      expect([RestartCount >= 5, State.Restarting]).toEqual([true, true]);
    };
    await vi.waitFor(isRestarting, { timeout: 20_000, interval: 50 });
    const refusal = await refusalOf(check({ attach: container.id }));
    expect(refusal.message).toContain('is restarting: it exits (last with code 4)');
  });
});

describe('with a restart policy', () => {
  const policy = { HostConfig: { RestartPolicy: { Name: 'always' } } };

  test.each(['docker', 'kubernetes'] as const)('it stays stopped after a stop as of %s', async (profile) => {
    const container = await started(node(drains(0)), { ...policy, StopSignal: 'SIGTERM' });
    const record = await check({ attach: container.id, port: 3000, profile });
    expect(record.termination).toMatchObject({ exitCode: 0, signals: [{ signal: 'SIGTERM' }] });
    expect((await container.inspect()).State).toMatchObject({ Status: 'exited', Restarting: false });
  });

  test('it would not after another signal than its own, and that is refused', async () => {
    const container = await started(node(drains(0)), { ...policy, StopSignal: 'SIGQUIT' });
    const options = { attach: container.id, port: 3000, profile: 'kubernetes', stopSignal: 'SIGTERM' } as const;
    expect((await refusalOf(check(options))).message).toContain(
      'would not stay stopped: its restart policy, always, starts it again after another signal',
    );
    expect((await container.inspect()).State.Running).toBe(true);
  });

  test('one that its preStop hook ends is not said to be left stopped', async () => {
    const container = await started(node(`${drains(0)} process.on('SIGUSR2', () => process.exit(0));`), policy);
    const preStop = { kind: 'exec', command: node("process.kill(1, 'SIGUSR2'); setTimeout(() => {}, 1e5)") } as const;
    const { observation, termination } = await check({
      attach: container.id,
      port: 3000,
      profile: 'kubernetes',
      preStop,
    });
    expect(observation.preStop?.end).toBe('overtaken');
    expect(observation.exit).toMatchObject({ running: false, exitCode: 0, startedAgain: true });
    expect(termination.signals).toEqual([]);
  });

  test('one that ends by itself meanwhile has ended, although it runs again', async () => {
    const container = await started(node(`${drains(0)} setTimeout(() => process.exit(9), 3000);`), policy);
    const refusal = await refusalOf(check({ attach: container.id, port: 3000, warmupMs: 30_000 }));
    expect(refusal.message).toMatch(
      /exited before it was stopped: exit code 9\. Its restart policy has started it again\.$/,
    );
  });
});

describe('the output of a container that was there before', () => {
  test.each([
    ['of a terminal', { Tty: true }],
    ['of streams', {}],
  ])('%s is read from then on, line by line', async (_, more) => {
    const container = await started(node(WRITES), more);
    const numbers = async (): Promise<number> => (await container.logs({ stdout: true })).toString().split('\n').length;
    await vi.waitFor(async () => expect(await numbers()).toBeGreaterThan(10), { timeout: 10_000 });
    await using target = await attach(container);
    const lines: LogLine[] = [];
    const logs = target.followLogs((line) => lines.push(line));
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(3), { timeout: 10_000 });
    await target.stop(5_000);
    await logs.ended;
    const [first = 0, ...rest] = lines.map(({ text }) => Number(/^line (\d+)$/.exec(text)?.[1]));
    expect(first).toBeGreaterThan(8);
    expect(rest).toEqual(rest.map((_value, at) => first + at + 1));
    expect(new Set(lines.map(({ stream }) => stream))).toEqual(new Set(['stdout']));
  });

  test('is nothing where its log driver keeps it, and then there are no jobs to watch for', async () => {
    const none = { HostConfig: { LogConfig: { Type: 'none', Config: {} } } };
    const container = await started(node(WRITES), none);
    const plan = await resolvePlan({ attach: container.id, load: 'none', jobStart: 'line', jobEnd: 'line' });
    const refusal = await refusalOf(runOn(engine, plan));
    expect(refusal.message).toContain(
      'the engine cannot read that: configured logging driver does not support reading.',
    );
    await using target = await attach(container);
    const events: EngineEvent[] = [];
    using _watch = await target.watch((event) => events.push(event));
    const logs = target.followLogs(() => expect.unreachable('there is no log'));
    await target.stop(5_000);
    await logs.ended;
    expect(await target.state()).toMatchObject({ running: false, exitCode: 0 });
  });
});
