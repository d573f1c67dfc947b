import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Engine, EngineEvent, LogLine, PreparedImage, Target } from '../../src/engines/engine.ts';
import { connectNamespace } from '../../src/engines/namespace/connect.ts';
import type { ContainerPlan } from '../../src/plan/plan.ts';
import { PLAIN } from '../plain-container.ts';

vi.setConfig({ testTimeout: 30_000 });

let engine: Engine;
beforeAll(async () => {
  engine = await connectNamespace();
});
afterAll(() => engine[Symbol.asyncDispose]());

function prepare(command: readonly string[], on: Engine): Promise<PreparedImage> {
  const source = { kind: 'command', reference: command.join(' '), command, directory: '/' } as const;
  return on.prepareImage(source, () => {}, new AbortController().signal);
}

async function start(command: readonly string[], plan: Partial<ContainerPlan> = {}, on = engine): Promise<Target> {
  return await on.start(await prepare(command, on), { ...PLAIN, ...plan }, []);
}

const node = (script: string): readonly string[] => ['node', '-e', script];
const SLEEP = ['sleep', '60'];

/** Its output, when it has put out so many lines. */
async function linesOf(target: Target, count: number): Promise<readonly string[]> {
  const lines: LogLine[] = [];
  using _ = target.followLogs((line) => lines.push(line));
  await vi.waitFor(() => expect(lines.length).toBeGreaterThanOrEqual(count), { timeout: 10_000 });
  return lines.map(({ text }) => text);
}

const listen = (hosts: readonly string[]): readonly string[] =>
  node(`
    for (const host of ${JSON.stringify(hosts)}) {
      const server = require('net').createServer().listen({ port: 0, host, ipv6Only: host === '::' });
      server.on('listening', () => console.log(host, server.address().port));
    }
  `);

/** The ports that it listens on, by the address. */
async function portsOf(target: Target, count: number): Promise<ReadonlyMap<string, number>> {
  const lines = await linesOf(target, count);
  return new Map(lines.map((line) => line.split(' ')).map(([host = '', port]) => [host, Number(port)]));
}

describe('start', () => {
  test('says what is wrong with a command that cannot be started', async () => {
    await expect(start(['nosuch-command'])).rejects.toMatchObject({
      message: expect.stringContaining('no program `nosuch-command` on PATH'),
      nextStep: expect.stringContaining(process.env['PATH'] ?? ''),
    });
    await expect(start(['npm start'])).rejects.toMatchObject({ nextStep: expect.stringContaining('`-- npm start`') });
    await expect(start(['/etc/passwd'])).rejects.toThrow('may not be executed');
  });

  test('says so where the kernel has no room for the command, and leaves no file open', async () => {
    const opened = readdirSync('/proc/self/fd').length;
    const long = ['sh', '-c', `: ${'x'.repeat(200_000)}`];
    await expect(start(long)).rejects.toMatchObject({
      name: 'CannotRunError',
      message: expect.stringContaining('E2BIG'),
      nextStep: expect.stringContaining('into a file'),
    });
    await vi.waitFor(() => expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(opened));
  });

  test('says why it did not come to the command', async () => {
    const source = { kind: 'command', reference: 'true', command: ['true'], directory: '/nosuch' } as const;
    const image = await engine.prepareImage(source, () => {}, new AbortController().signal);
    await expect(engine.start(image, PLAIN, [])).rejects.toMatchObject({ detail: [expect.stringContaining('ENOENT')] });
  });

  test('gives the command its environment, odd names too, its folder and no input', async () => {
    const script = `
      const { SAID, PATH, 'odd.name': odd } = process.env;
      console.log(JSON.stringify([SAID, PATH, odd, process.cwd(), process.pid]));
      console.log(require('fs').readFileSync(0).length);
    `;
    const env = { SAID: 'a b=c', 'odd.name': 'd e', PATH: '/nowhere' };
    await using target = await start([process.execPath, '-e', script], { env });
    const [told = '', input] = await linesOf(target, 2);
    expect(JSON.parse(told)).toEqual(['a b=c', '/nowhere', 'd e', '/', 1]);
    expect(input).toBe('0');
  });
});

describe('a running command', () => {
  test('has its own ports and nobody else’s, those that others can reach before those for this machine alone', async () => {
    await using stranger = await start(listen(['0.0.0.0']));
    await using open = await start(listen(['0.0.0.0', '127.0.0.1']));
    await using local = await start(listen(['127.0.0.1', '127.0.0.2']));
    await using none = await start(SLEEP);
    await portsOf(stranger, 1);
    const [openPorts, localPorts] = await Promise.all([portsOf(open, 2), portsOf(local, 2)]);
    expect(await open.listeningPorts()).toEqual([openPorts.get('0.0.0.0')]);
    expect(await local.listeningPorts()).toEqual([...localPorts.values()].toSorted((a, b) => a - b));
    expect(await none.listeningPorts()).toEqual([]);
    expect((await open.sockets())?.listening).toHaveLength(2);
  });

  test('is reached where it listens', async () => {
    const hosts = ['0.0.0.0', '127.0.0.1', '::1', '::', '127.0.0.3'];
    await using target = await start(listen(hosts));
    const ports = await portsOf(target, hosts.length);
    const addresses = await Promise.all(hosts.map((host) => target.addressOf(ports.get(host) ?? 0)));
    expect(addresses.map(({ host }) => host)).toEqual(['127.0.0.1', '127.0.0.1', '::1', '::1', '127.0.0.3']);
    expect(addresses.every(({ via }) => via === 'local')).toBe(true);
  });

  test('is not taken for somebody else who has its port where it does not listen', async () => {
    await using target = await start(listen(['::']));
    const port = (await portsOf(target, 1)).get('::') ?? 0;
    await using stranger = createServer().listen(port, '0.0.0.0');
    await once(stranger, 'listening');
    expect(await target.addressOf(port)).toEqual({ host: '::1', port, via: 'local' });
  });

  test('shows the connections that it holds, without those of others to it', async () => {
    const script = `
      const server = require('net').createServer(() => console.log('up')).listen(0, '127.0.0.1', () => {
        require('net').connect(server.address().port, '127.0.0.1');
      });
    `;
    await using target = await start(node(script));
    await linesOf(target, 1);
    const table = await target.sockets();
    expect(table?.connections).toHaveLength(2);
    expect(table?.connections.every(({ state }) => state === 'established')).toBe(true);
  });
});

describe('an ended command', () => {
  test('tells of its end whoever asks for it late, and has no processes, ports or sockets', async () => {
    await using target = await start(['sh', '-c', 'exit 4']);
    await vi.waitFor(async () => expect(await target.state()).toMatchObject({ running: false, exitCode: 4 }), {
      timeout: 5_000,
    });
    const events: EngineEvent[] = [];
    using _ = await target.watch((event) => events.push(event));
    expect(events).toEqual([{ action: 'die', signal: null, exitCode: 4 }]);
    expect([await target.processes(), await target.listeningPorts(), await target.sockets()]).toEqual([
      null,
      null,
      null,
    ]);
    await target.stop(1_000);
    expect(events).toHaveLength(1);
  });
});

describe('disposal', () => {
  test('of a command ends it and all that it started, once or twice', async () => {
    const target = await start(['sh', '-c', 'sleep 60 & setsid sleep 60 & echo up; wait']);
    await linesOf(target, 1);
    const pids = (await target.processes())?.processes.map(({ pid }) => pid) ?? [];
    await target[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    expect(pids.length).toBeGreaterThan(1);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  test('of an engine ends the commands that are still there, one that is just starting too', async () => {
    const other = await connectNamespace();
    const there = await start(SLEEP, {}, other);
    const starting = other.start(await prepare(SLEEP, other), PLAIN, []);
    await other[Symbol.asyncDispose]();
    const started = await starting;
    expect([await there.state(), await started.state()]).toMatchObject([{ exitCode: 137 }, { exitCode: 137 }]);
  });
});
