import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { connectDocker } from '../../src/engines/docker/connect.ts';
import type { CommandEnd, Engine, EngineEvent, Target } from '../../src/engines/engine.ts';
import { connectNamespace } from '../../src/engines/namespace/connect.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { PLAIN } from '../plain-container.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const NEVER = new AbortController().signal;
const env = { SAID: 'a b=c' };

let docker: Engine;
let namespace: Engine;
beforeAll(async () => {
  docker = await connectDocker();
  if (process.platform === 'linux') namespace = await connectNamespace();
});
afterAll(async () => {
  await docker[Symbol.asyncDispose]();
  await namespace?.[Symbol.asyncDispose]();
});

async function inContainer(command: readonly string[]): Promise<Target> {
  const source = { kind: 'image', reference: BASE, platform: null, pull: 'never' } as const;
  const image = await docker.prepareImage(source, () => {}, NEVER);
  return await docker.start(image, { ...PLAIN, command, env, workingDir: '/usr' }, []);
}

async function asCommand(command: readonly string[]): Promise<Target> {
  const source = { kind: 'command', reference: command.join(' '), command, directory: '/usr' } as const;
  return await namespace.start(await namespace.prepareImage(source, () => {}, NEVER), { ...PLAIN, env }, []);
}

const starts = [
  { name: 'a container', start: inContainer },
  ...(process.platform === 'linux' ? [{ name: 'a PID namespace', start: asCommand }] : []),
];

const SLEEP = ['sleep', '300'];
const node = (script: string): readonly string[] => ['node', '-e', script];
const sh = (script: string): readonly string[] => ['sh', '-c', script];

/** All processes that a program of the target's sees, but for itself. */
const OTHERS = node(`
  const fs = require('fs');
  const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid);
  for (const pid of pids) console.log(fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0').join(' ').trim());
`);

/** What a program sees of where it is. */
const PLACE = `JSON.stringify([
  process.cwd(), process.env.SAID, process.getuid(),
  ...['net', 'pid', 'mnt', 'uts'].map((name) => require('fs').readlinkSync('/proc/self/ns/' + name)),
])`.replaceAll(/\n */g, '');

async function othersIn(target: Target): Promise<readonly string[]> {
  return (await target.exec(OTHERS, NEVER)).output.split('\n');
}

describe.each(starts)('a command in $name', ({ start }) => {
  test('tells its exit code and what it wrote', async () => {
    await using target = await start(SLEEP);
    const ends = [
      await target.exec(sh('echo one; echo two >&2; exit 3'), NEVER),
      await target.exec(['true'], NEVER),
      await target.exec(sh('kill -9 $$'), NEVER),
    ];
    expect(ends).toEqual([
      { exitCode: 3, output: expect.stringMatching(/^(one\ntwo|two\none)$/) },
      { exitCode: 0, output: '' },
      { exitCode: 137, output: '' },
    ]);
  });

  test('of whose long output the end is kept', async () => {
    await using target = await start(SLEEP);
    const { output } = await target.exec(sh('yes many | head -100000; echo last'), NEVER);
    expect(output).toMatch(/many\nlast$/);
    expect(output.length).toBeLessThan(10_000);
  });

  test('that is not there is told by 127, one that may not be run by 126, and both by words', async () => {
    await using target = await start(SLEEP);
    expect(await target.exec(['/nosuch/program'], NEVER)).toEqual({
      exitCode: 127,
      output: expect.stringMatching(/no such file/i),
    });
    expect(await target.exec(['/etc/passwd'], NEVER)).toEqual({
      exitCode: 126,
      output: expect.stringMatching(/permission denied/i),
    });
  });

  test('sees the processes, the network, the folder and the environment of the target', async () => {
    await using target = await start(node(`console.log(${PLACE}); setInterval(() => {}, 1e6)`));
    const place = await new Promise<string>((resolve) => void target.followLogs(({ text }) => resolve(text)));
    expect(place).toContain('/usr');
    expect(await target.exec(node(`console.log(${PLACE})`), NEVER)).toEqual({ exitCode: 0, output: place });
    expect(await othersIn(target)).toEqual([expect.stringMatching(/^node -e console\.log/)]);
  });

  test('ends with the target', async () => {
    await using target = await start(SLEEP);
    const outliving = target.exec(['sleep', '301'], NEVER);
    await vi.waitFor(async () => expect(await othersIn(target)).toContain('sleep 301'), { timeout: 10_000 });
    await target.signal('SIGKILL');
    expect(await outliving).toEqual({ exitCode: 137, output: '' });
  });

  test('is left to itself by an abort', async () => {
    await using target = await start(SLEEP);
    const abort = new AbortController();
    const left = target.exec(['sleep', '302'], abort.signal);
    await vi.waitFor(async () => expect(await othersIn(target)).toContain('sleep 302'), { timeout: 10_000 });
    abort.abort(new Error('no time for it'));
    await expect(left).rejects.toThrow('no time for it');
    await expect(target.exec(['sleep', '303'], abort.signal)).rejects.toThrow('no time for it');
    const others = await othersIn(target);
    expect([others.includes('sleep 302'), others.includes('sleep 303')]).toEqual([true, false]);
  });

  test('cannot be run where the target has ended', async () => {
    await using target = await start(['true']);
    await vi.waitFor(async () => expect(await target.state()).toMatchObject({ running: false }), { timeout: 10_000 });
    const failed = await target.exec(['true'], NEVER).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect((failed as Error).message).toMatch(/not running|has ended|running containers/);
    expect((failed as Error).message).not.toContain('HTTP code');
  });
});

describe.each(starts)('a signal to $name', ({ start }) => {
  test('is sent to its first process alone, which goes on', async () => {
    await using target = await start(sh("sleep 300 & trap 'echo got it' USR1; echo up; while :; do wait; done"));
    const [events, lines]: [EngineEvent[], string[]] = [[], []];
    using _ = await target.watch((event) => events.push(event));
    target.followLogs(({ text }) => lines.push(text));
    await vi.waitFor(() => expect(lines).toContain('up'), { timeout: 10_000 });
    await target.signal('SIGUSR1');
    await vi.waitFor(() => expect(lines).toContain('got it'), { timeout: 10_000 });
    expect(await othersIn(target)).toContain('sleep 300');
    expect(await target.state()).toMatchObject({ running: true });
    await vi.waitFor(() => expect(events).toEqual([{ action: 'kill', signal: 'SIGUSR1', exitCode: null }]));
  });

  test('that has ended is nothing to be told of, sent once or twice', async () => {
    await using target = await start(SLEEP);
    await target.signal('SIGKILL');
    await vi.waitFor(async () => expect(await target.state()).toMatchObject({ exitCode: 137 }), { timeout: 10_000 });
    expect([await target.signal('SIGTERM'), await target.signal('SIGKILL')]).toEqual([undefined, undefined]);
  });
});

describe('an image with nothing in it but the app', () => {
  let folder: string;
  let reference: string;
  const ONLY_NODE = `FROM ${BASE}
    RUN mkdir /only && cp "$(command -v node)" /only/node \\
      && ldd /only/node | grep -o '/[^ ]*' | xargs -I{} cp --parents {} /only
    FROM scratch
    COPY --from=0 /only /
    CMD ["/node", "-e", "setInterval(() => {}, 1e6)"]`;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
    await writeFile(path.join(folder, 'Dockerfile'), ONLY_NODE.replaceAll(/^ +/gm, ''));
  });
  afterAll(async () => {
    await new Docker().getImage(reference).remove({ force: true });
    await rm(folder, { recursive: true });
  });

  test('runs the app’s own program beside it, and says that there is no shell', async () => {
    const { image: source } = await resolvePlan({ target: folder });
    const image = await docker.prepareImage(source, () => {}, NEVER);
    reference = image.reference;
    await using target = await docker.start(image, PLAIN, []);
    const ends: readonly CommandEnd[] = [
      await target.exec(['/node', '-e', 'console.log(process.argv0); process.exitCode = 4'], NEVER),
      await target.exec(['sh', '-c', 'sleep 5'], NEVER),
    ];
    expect(ends).toEqual([
      { exitCode: 4, output: '/node' },
      { exitCode: 127, output: expect.stringContaining('"sh": executable file not found') },
    ]);
  });
});
