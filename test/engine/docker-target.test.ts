import { connect } from 'node:net';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import type { Engine, EngineEvent, LogLine, PreparedImage, Target } from '../../src/engines/engine.ts';
import { CannotRunError } from '../../src/errors.ts';
import type { ContainerPlan } from '../../src/plan/plan.ts';
import { PLAIN } from '../plain-container.ts';

vi.setConfig({ testTimeout: 30_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const SIGTERM_BIT = 0x4000n;
const docker = new Docker();
let engine: Engine;
let image: PreparedImage;

beforeAll(async () => {
  engine = await connectDocker();
  const source = { kind: 'image', reference: BASE, platform: null, pull: 'never' } as const;
  image = await engine.prepareImage(source, () => {}, new AbortController().signal);
});

afterAll(() => engine[Symbol.asyncDispose]());

function start(more: Partial<ContainerPlan>, ports: readonly number[] = []): Promise<Target> {
  return engine.start(image, { ...PLAIN, ...more }, ports);
}

const node = (script: string): Partial<ContainerPlan> => ({ command: ['node', '-e', script] });
const SERVER = "require('net').createServer().listen(3000).on('listening', () => console.log('up'))";

function upWhen(target: Target, text: string): Promise<void> {
  return new Promise((resolve) => {
    target.followLogs((line) => line.text.includes(text) && resolve());
  });
}

async function failureOf(start: Promise<Target>): Promise<CannotRunError> {
  const error = await start.then(
    () => expect.unreachable('should not have started'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CannotRunError);
  return error as CannotRunError;
}

async function ours(): Promise<readonly string[]> {
  const filters = { label: [`shutdown-check.owner`] };
  const containers = await docker.listContainers({ all: true, filters });
  return containers
    .filter(({ Labels }) => Labels['shutdown-check.owner']?.includes(`/${process.pid}/`))
    .map(({ Id }) => Id);
}

describe('start', () => {
  test("a command that is not in the image fails with the engine's sentence and leaves nothing behind", async () => {
    const failure = await failureOf(start({ command: ['nosuch-command'] }));
    expect(failure.message).toContain('nosuch-command');
    expect(failure.message).toContain('executable file not found');
    expect(failure.message).not.toContain('HTTP code');
    expect(failure.nextStep).toContain('its command ["nosuch-command"]');
    expect(await ours()).toEqual([]);
  });

  test('an unknown network fails and leaves nothing behind', async () => {
    const failure = await failureOf(start({ command: ['sleep', '60'], network: 'nosuch-network' }));
    expect(failure.message).toContain('network nosuch-network not found');
    expect(failure.nextStep).toContain('docker network ls');
    expect(await ours()).toEqual([]);
  });

  test('the plan reaches the container', async () => {
    await using target = await start({
      command: ['sleep', '60'],
      env: { NAME: 'a b=c' },
      init: true,
      memoryBytes: 64 * 1024 * 1024,
      cpus: 0.5,
      user: '1:1',
      volumes: ['/tmp:/mnt:ro'],
      stopSignal: 'SIGUSR1',
    });
    const { Config, HostConfig } = await docker.getContainer(target.id).inspect();
    expect(Config).toMatchObject({ User: '1:1', StopSignal: 'SIGUSR1', Env: expect.arrayContaining(['NAME=a b=c']) });
    expect(HostConfig).toMatchObject({ Init: true, Memory: 67_108_864, NanoCpus: 5e8, Binds: ['/tmp:/mnt:ro'] });
    expect(target.stopSignal).toBe('SIGUSR1');
    expect(target.command).toEqual(['sleep', '60']);
    const processes = (await target.processes())?.processes;
    expect(processes?.find(({ isPid1 }) => isPid1)?.command).toContain('docker-init');
  });
});

describe('stop', () => {
  test('of a process that ignores the signal gives kill SIGTERM, kill SIGKILL, die 137, in this order', async () => {
    await using target = await start({ command: ['sleep', '60'] });
    const events: (EngineEvent & { at: number })[] = [];
    using _watch = await target.watch((event) => events.push({ ...event, at: performance.now() }));
    const from = performance.now();
    await target.stop(1_000);
    await vi.waitFor(() => expect(events.some(({ action }) => action === 'die')).toBe(true));
    expect(events.filter(({ action }) => action !== 'stop')).toMatchObject([
      { action: 'kill', signal: 'SIGTERM', exitCode: null },
      { action: 'kill', signal: 'SIGKILL', exitCode: null },
      { action: 'die', signal: null, exitCode: 137 },
    ]);
    expect((events[1]?.at ?? 0) - from).toBeGreaterThan(990);
    expect(await target.state()).toMatchObject({ running: false, exitCode: 137, oomKilled: false });
    // One that has stopped may be stopped again.
    await target.stop(1_000);
  });

  test('of a process that handles its own signal gives one kill, and its exit code', async () => {
    const script = `process.on('SIGUSR2', () => process.exit(7)); ${SERVER}`;
    await using target = await start({ ...node(script), stopSignal: 'SIGUSR2' });
    await upWhen(target, 'up');
    const events: EngineEvent[] = [];
    using _watch = await target.watch((event) => events.push(event));
    await target.stop(5_000);
    await vi.waitFor(() => expect(events.some(({ action }) => action === 'die')).toBe(true));
    expect(events.filter(({ action }) => action !== 'stop')).toEqual([
      { action: 'kill', signal: 'SIGUSR2', exitCode: null },
      { action: 'die', signal: null, exitCode: 7 },
    ]);
  });
});

describe('a running target', () => {
  test('shows its process tree with signal masks', async () => {
    await using target = await start({
      command: ['sh', '-c', "trap 'exit 0' USR1; node -e \"setInterval(()=>{},1e3);console.log('up')\""],
    });
    await upWhen(target, 'up');
    const processes = (await target.processes())?.processes;
    const [shell, child] = [processes?.find(({ isPid1 }) => isPid1), processes?.find(({ isPid1 }) => !isPid1)];
    const catchesTerm = (caught = '0'): boolean => (BigInt(`0x${caught}`) & SIGTERM_BIT) !== 0n;
    expect(processes).toHaveLength(2);
    expect(shell?.command).toMatch(/^sh -c trap/);
    expect(child?.ppid).toBe(shell?.pid);
    expect(catchesTerm(shell?.masks?.caught)).toBe(false);
    expect(catchesTerm(child?.masks?.caught)).toBe(true);
  });

  test('tells the ports that are listened on for others, and an address where one of them answers', async () => {
    const script = `require('net').createServer().listen(3001, '127.0.0.1'); ${SERVER}`;
    await using target = await start(node(script), [3000]);
    await upWhen(target, 'up');
    expect(await target.listeningPorts()).toEqual([3000]);
    const { host, port, via } = await target.addressOf(3000);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, host, () => resolve(void socket.destroy())).on('error', reject);
    });
    // On a Linux engine of this host a container is reached directly.
    if (process.platform === 'linux' && !process.env['DOCKER_HOST'])
      expect({ port, via }).toEqual({ port: 3000, via: 'container' });
  });

  test('shows the sockets that its processes hold', async () => {
    const script = `
      const server = require('net').createServer(() => console.log('up')).listen(3000);
      require('net').createServer(() => {}).listen(4000, '127.0.0.1', () => require('net').connect(4000, '127.0.0.1'));
      require('net').connect(3000, '127.0.0.1');
    `;
    await using target = await start(node(script));
    await upWhen(target, 'up');
    const isOpen = async (): Promise<void> => expect((await target.sockets())?.connections).toHaveLength(4);
    if (process.platform === 'linux' && !process.env['DOCKER_HOST']) await vi.waitFor(isOpen);
    const table = await target.sockets();
    if (process.platform !== 'linux' || process.env['DOCKER_HOST']) return expect(table).toBeNull();
    expect(table?.listening).toEqual([3000, 4000]);
    const made = table?.connections.filter(({ localPort }) => localPort > 4000).map(({ peer }) => peer);
    expect(made?.toSorted()).toEqual(['127.0.0.1:3000', '127.0.0.1:4000']);
    expect(table?.connections.every(({ state }) => state === 'established')).toBe(true);
  });

  test('shows no sockets where its network is everybody’s, nor when it has ended', async () => {
    await using shared = await start({ command: ['sleep', '60'], network: 'host' });
    await using ended = await start({ command: ['true'] });
    await vi.waitFor(async () => expect(await ended.state()).toMatchObject({ running: false }), { timeout: 5_000 });
    expect([await shared.sockets(), await ended.sockets()]).toEqual([null, null]);
  });

  test('is found on its own address while nothing listens there yet', async () => {
    await using target = await start({ command: ['sleep', '60'] }, [3000]);
    expect(await target.addressOf(3000)).toMatchObject({ port: expect.any(Number) });
  });

  test('gives its output line by line, by stream, whole characters, from the start', async () => {
    const script = `
      process.stdout.write(Buffer.from([0xc3])); setTimeout(() => process.stdout.write(Buffer.from([0xa4, 0x0a])), 50);
      setTimeout(() => { console.error('bad'); console.log('x'.repeat(10000)); process.stdout.write('no end'); }, 100);
    `;
    await using target = await start(node(script));
    const lines: LogLine[] = [];
    using _logs = target.followLogs((line) => lines.push(line));
    await vi.waitFor(() => expect(lines).toHaveLength(4), { timeout: 10_000 });
    expect(lines.filter(({ stream }) => stream === 'stderr')).toEqual([{ stream: 'stderr', text: 'bad' }]);
    const [umlaut, long, last] = lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
    expect([umlaut, long?.length, last]).toEqual(['ä', 4_097, 'no end']);
  });
});

describe('an exited target', () => {
  test('has a state, and no processes', async () => {
    await using target = await start({ command: ['sh', '-c', 'exit 3'] });
    await vi.waitFor(async () => expect(await target.state()).toMatchObject({ running: false, exitCode: 3 }), {
      timeout: 5_000,
    });
    expect(await target.processes()).toBeNull();
    expect(await target.listeningPorts()).toBeNull();
  });
});

describe('disposal', () => {
  test('of a target removes it, running or not, once or twice', async () => {
    const target = await start({ command: ['sleep', '60'] });
    await target[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await expect(docker.getContainer(target.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('of an engine removes the targets that are still there, one that is just starting too', async () => {
    const other = await connectDocker();
    await other.start(image, { ...PLAIN, command: ['sleep', '60'] }, []);
    const starting = other.start(image, { ...PLAIN, command: ['sleep', '60'] }, []);
    await other[Symbol.asyncDispose]();
    await starting;
    expect(await ours()).toEqual([]);
  });
});
