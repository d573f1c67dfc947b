import { randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { blockAfter, spanWith } from '../ci-docs.ts';
import { type App, BASE, cleanUp, containersOf, docker, program, ROOT, sample, shutdownCheck } from './support.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';
const IMAGE = `shutdown-check-test:${randomUUID().slice(0, 8)}`;
/** What the engine's old builder leaves of the first stage, without a name. */
let leftOver: string | undefined;
const containers: Docker.Container[] = [];

beforeAll(async () => {
  const { exitCode, stdout } = await program(process.execPath, ['scripts/image.mjs', '--tag', IMAGE]);
  if (exitCode !== 0) throw new Error(stdout);
  [, leftOver] = /---> ([0-9a-f]{12})\nStep \d+\/\d+ : FROM /.exec(stdout) ?? [];
});

afterAll(async () => {
  await Promise.all(containers.map((container) => container.remove({ force: true }).catch(() => {})));
  await docker.getImage(IMAGE).remove({ force: true });
  if (leftOver !== undefined) await docker.getImage(leftOver).remove({ force: true });
  await cleanUp();
});

/** As docs/ci.md starts it: with the engine's socket, this machine's network, and the folder under its path. */
async function started({ folder }: App, args: readonly string[]): Promise<Docker.Container> {
  const HostConfig = { Binds: [SOCKET, `${folder}:${folder}`], NetworkMode: 'host' };
  // What it writes is to be ours, and the socket is its group's.
  const User = `${process.getuid?.() ?? 0}:${(await stat('/var/run/docker.sock')).gid}`;
  const order = { Image: IMAGE, WorkingDir: folder, User, Cmd: [...args], HostConfig };
  const container = await docker.createContainer(order);
  containers.push(container);
  await container.start();
  return container;
}

async function logsOf(container: Docker.Container): Promise<string> {
  return String(await container.logs({ stdout: true, stderr: true }));
}

const COMPOSE = `
services:
  web:
    build: .
    depends_on: [cache]
  cache:
    image: ${BASE}
    command: node -e "setInterval(() => {}, 1000)"
`;

/** The sample that drains, as a service beside another one: there is a network to be taken away as well. */
async function inCompose(): Promise<App> {
  const made = await sample('drains');
  await writeFile(path.join(made.folder, 'compose.yaml'), COMPOSE);
  return made;
}

describe('the image of this program', () => {
  test('is started without a shell, and holds what is published', async () => {
    const { Config } = await docker.getImage(IMAGE).inspect();
    expect(Config).toMatchObject({ Entrypoint: ['node', '/app/dist/cli.js'], Cmd: ['--help'] });
    const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const told = await program('docker', ['run', '--rm', IMAGE, '--version']);
    expect(told).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
    const list = await program('docker', ['run', '--rm', IMAGE, 'scenarios', '--list']);
    expect(list.stdout).toMatch(/^exec-form +\S/m);
  });

  test('is run as docs/ci.md says', async () => {
    const made = await sample('drains');
    const asUs = spanWith(/^--user /);
    const command = blockAfter('own image')
      .replace(' --rm ', ` --rm ${asUs} `)
      .replace(' shutdown-check ', ` ${IMAGE} `);
    const { exitCode, stdout } = await program('bash', ['-c', command], { cwd: made.folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
  });

  test('checks a service of a compose file, and leaves the result in the folder', async () => {
    const made = await inCompose();
    const container = await started(made, ['run', 'compose.yaml', '--service', 'web', '--warmup', '1s']);
    expect(await container.wait()).toMatchObject({ StatusCode: 0 });
    expect(await logsOf(container)).toContain('PASS  ');
    const result = JSON.parse(await readFile(path.join(made.folder, 'reports', 'result.json'), 'utf8')) as Result;
    expect(result.runs[0]?.target.via).toBe('container');
  });

  test('told to stop in the middle of a run, takes away what that made and ends with 143 in time', async () => {
    const made = await inCompose();
    const container = await started(made, ['run', 'compose.yaml', '--service', 'web', '--warmup', '55s']);
    await vi.waitFor(async () => expect(await logsOf(container)).toMatch(/warm-up: /), { timeout: 60_000 });
    const [target] = await containersOf(made);
    const [network = ''] = Object.keys(target?.NetworkSettings.Networks ?? {});
    expect(await networks(network)).toHaveLength(1);

    await container.stop({ t: 10 });
    // SIGKILL would have made it 137, and left everything there.
    expect((await container.inspect()).State).toMatchObject({ ExitCode: 143, OOMKilled: false });
    expect(await logsOf(container)).toContain('Terminated: removing what this run made.');
    expect(await containersOf(made)).toEqual([]);
    expect(await networks(network)).toEqual([]);
  });

  test('passes a check of its own stop by this very program', async () => {
    const made = await sample('drains');
    const { exitCode, stdout, stderr } = await shutdownCheck(
      [
        ...['run', IMAGE, '--load', 'none', '--job-start', '^warm-up: ', '--job-end', '^Terminated: '],
        ...['--warmup', '10s', '--volume', SOCKET, '--volume', `${made.folder}:${made.folder}`],
        ...['--workdir', made.folder, '--network', 'host', '--json', '-', '--', 'run', '.', '--warmup', '55s'],
      ],
      { cwd: made.folder },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('PASS  The one job, ') });
    const [run] = (JSON.parse(stdout) as Result).runs;
    expect(run?.termination).toMatchObject({ exitCode: 143, sigkillFired: false });
    expect(run?.findings).toEqual([]);
    expect(await containersOf(made)).toEqual([]);
  });
});

async function networks(name: string): Promise<readonly Docker.NetworkInspectInfo[]> {
  return name === '' ? [] : await docker.listNetworks({ filters: { name: [name] } });
}
