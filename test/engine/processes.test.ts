import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { startProcessHelper } from '../../src/engines/docker/process-helper.ts';
import { walkProc } from '../../src/engines/docker/proc-walk.ts';
import { removeContainer } from '../../src/engines/docker/sweep.ts';
import { top, WITH_MASKS } from '../../src/engines/docker/top.ts';
import type { ProcessFacts } from '../../src/engines/engine.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
/** A shell with a trap, the app below it under words with blanks and a line end, and a process that is told what to ignore. */
const TREE = `trap 'echo bye' TERM; node -e 'setInterval(() => {}, 1e3); // one
// two' & (trap '' HUP; exec sleep 300) & wait; wait`;
const labels = { 'shutdown-check.test': `processes/${process.pid}` };
const docker = new Docker();
let container: Docker.Container;
let started: Docker.ContainerInspectInfo;

beforeAll(async () => {
  const made = { Image: BASE, Cmd: ['sh', '-c', TREE], Labels: labels };
  container = await docker.createContainer(made);
  await container.start();
  started = await container.inspect();
  // One that came in from outside: no child of PID 1's.
  const exec = await container.exec({ Cmd: ['sleep', '301'] });
  await exec.start({ Detach: true });
  const all = async (): Promise<void> => expect(await top(container, WITH_MASKS, started.State.Pid)).toHaveLength(4);
  await vi.waitFor(all, { timeout: 10_000 });
  // Node sets its handlers while it starts, and is at rest when it has.
  const isUp = async (): Promise<void> => {
    const node = (await engineTop()).find(({ command }) => command.startsWith('node'));
    expect(node).toMatchObject({
      state: expect.stringMatching(/^S/),
      masks: { caught: expect.stringMatching(/[4-7c-f]...$/) },
    });
  };
  await vi.waitFor(isUp, { timeout: 10_000 });
});

afterAll(async () => {
  for (const { Id } of await made()) await removeContainer(docker, Id);
});

const made = () =>
  docker.listContainers({ all: true, filters: { label: [`shutdown-check.test=${labels['shutdown-check.test']}`] } });
const engineTop = async () => (await top(container, WITH_MASKS, started.State.Pid)) ?? [];
const helperOrder = () => ({ imageId: started.Image, labels });

/** What is the same whoever numbers the processes: each with its parent's command, by command. */
function comparable(processes: readonly ProcessFacts[] | null) {
  const commandOf = (pid: number) => processes?.find((process) => process.pid === pid)?.command ?? null;
  const told = (processes ?? []).map(({ ppid, isPid1, command, state, masks }) => ({
    command: command.replace(/\s+/g, ' '),
    parent: commandOf(ppid)?.replace(/\s+/g, ' '),
    isPid1,
    state: state?.charAt(0),
    masks,
  }));
  return told.toSorted((a, b) => a.command.localeCompare(b.command));
}

describe('processes with their masks', () => {
  test('are the same out of /proc as by the engine, numbers included', async () => {
    const [byEngine, byProc] = [await engineTop(), await walkProc(started)];
    if (process.platform !== 'linux' || process.env['DOCKER_HOST']) return expect(byProc).toBeNull();
    expect(comparable(byProc)).toEqual(comparable(byEngine));
    const numbers = (processes: readonly ProcessFacts[] | null) => processes?.map(({ pid }) => pid).toSorted();
    expect(numbers(byProc)).toEqual(numbers(byEngine));
  });

  test('are the same by a helper as by the engine, but that PID 1 is 1', async () => {
    const byEngine = comparable(await engineTop());
    await using helper = await startProcessHelper(docker, container.id, helperOrder());
    const readings = [await helper.read(), ...(await Promise.all([helper.read(), helper.read()]))];
    for (const reading of readings) {
      expect(comparable(reading)).toEqual(byEngine);
      expect(reading?.filter(({ isPid1 }) => isPid1)).toMatchObject([{ pid: 1, ppid: 0 }]);
    }
  });
});

describe('a helper', () => {
  test('is removed when it is not needed any more', async () => {
    const helper = await startProcessHelper(docker, container.id, helperOrder());
    expect(await made()).toHaveLength(2);
    await helper[Symbol.asyncDispose]();
    expect(await made()).toHaveLength(1);
  });

  test('that cannot be started leaves nothing behind', async () => {
    const ended = await docker.createContainer({ Image: BASE, Cmd: ['true'], Labels: labels });
    await expect(startProcessHelper(docker, ended.id, helperOrder())).rejects.toThrow(/not running/);
    await ended.remove();
    expect(await made()).toHaveLength(1);
  });

  test('of an image without a shell does not start, says so, and leaves nothing behind', async () => {
    const emptyTar = Readable.from([Buffer.alloc(1_024)]);
    const imported = (await docker.importImage(emptyTar)) as unknown as Readable;
    const imageId = /sha256:[0-9a-f]{64}/.exec(await text(imported))?.[0] ?? '';
    await expect(startProcessHelper(docker, container.id, { ...helperOrder(), imageId })).rejects.toThrow(
      /"sh": executable file not found/,
    );
    await docker.getImage(imageId).remove();
    expect(await made()).toHaveLength(1);
  });

  test('ends with the container that it stands beside', async () => {
    const short = await docker.createContainer({ Image: BASE, Cmd: ['sleep', '300'], Labels: labels });
    await short.start();
    await using helper = await startProcessHelper(docker, short.id, helperOrder());
    expect(await helper.read()).toHaveLength(1);
    await short.remove({ force: true });
    expect(await helper.read()).toBeNull();
  });
});
