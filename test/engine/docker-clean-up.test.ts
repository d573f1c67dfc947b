import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { expect, test, vi } from 'vitest';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import { OWNER_LABEL, ownerLabel } from '../../src/engines/docker/owner-label.ts';
import { thisProcess } from '../../src/owner.ts';

vi.setConfig({ testTimeout: 40_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const CONNECT = fileURLToPath(new URL('../../src/engines/docker/connect.ts', import.meta.url));
const PLAIN = fileURLToPath(new URL('../plain-container.ts', import.meta.url));
const docker = new Docker();

/** A process of its own that starts a target, prints its id, and then does what `then` says. */
const PROGRAM = (then: string): string => `
  const { connectDocker } = await import(${JSON.stringify(CONNECT)});
  const engine = await connectDocker();
  const source = { kind: 'image', reference: ${JSON.stringify(BASE)}, platform: null, pull: 'never' };
  const image = await engine.prepareImage(source, () => {}, new AbortController().signal);
  const { PLAIN } = await import(${JSON.stringify(PLAIN)});
  const target = await engine.start(image, { ...PLAIN, command: ['sleep', '300'] }, []);
  console.log(target.id);
  ${then}
`;

async function startProgram(then: string): Promise<{ child: ChildProcess; id: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM(then)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [id] = await once(createInterface(child.stdout), 'line');
  return { child, id };
}

async function isThere(id: string): Promise<boolean> {
  return docker
    .getContainer(id)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

test('what a run had made is gone within seconds after it was killed with SIGKILL', async () => {
  const { child, id } = await startProgram('setInterval(() => {}, 1e6);');
  expect(await isThere(id)).toBe(true);
  child.kill('SIGKILL');
  await vi.waitFor(async () => expect(await isThere(id)).toBe(false), { timeout: 5_000, interval: 100 });
});

test('what a run had made is gone after it ended without disposing of it', async () => {
  const { id } = await startProgram('process.exit(0);');
  await vi.waitFor(async () => expect(await isThere(id)).toBe(false), { timeout: 5_000, interval: 100 });
});

test('a run that cleans up ends by itself: the watcher does not keep it', async () => {
  const { child, id } = await startProgram('await engine[Symbol.asyncDispose]();');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(await isThere(id)).toBe(false);
});

test('the next connection removes what a dead owner of this host left, and nothing else', async () => {
  const me = thisProcess();
  const dead = { ...me, started: '1' };
  const owners = { dead, alive: me, elsewhere: { ...dead, host: 'another-host' } };
  const ids: Record<string, string> = {};
  try {
    for (const [name, owner] of Object.entries(owners)) {
      const Labels = { [OWNER_LABEL]: ownerLabel(owner) };
      ids[name] = (await docker.createContainer({ Image: BASE, Cmd: ['sleep', '300'], Labels })).id;
    }
    await using _engine = await connectDocker();
    const left = await Promise.all(Object.values(ids).map(isThere));
    expect(Object.fromEntries(Object.keys(ids).map((name, at) => [name, left[at]]))).toEqual({
      dead: false,
      alive: true,
      elsewhere: true,
    });
  } finally {
    for (const id of Object.values(ids))
      await docker
        .getContainer(id)
        .remove({ force: true })
        .catch(() => {});
  }
});
