import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';

import { afterAll, describe, expect, test, vi } from 'vitest';

import type { LineName } from '../../src/doctor/line.ts';
import type { DoctorResult } from '../../src/doctor.ts';
import { isRoot, makeCopy, NOBODY } from '../engine/namespace-copy.ts';
import { cleanUp, docker, program, ROOT, shutdownCheck, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });
afterAll(cleanUp);

const isLinux = process.platform === 'linux';
const NOWHERE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

function parse(text: string): DoctorResult {
  return JSON.parse(text) as DoctorResult;
}

const line = ({ lines }: DoctorResult, name: LineName) => lines.find((one) => one.name === name);

describe('doctor', () => {
  test('tells of the engine that a run would take, and ends well', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['doctor']);
    const { Version, ApiVersion } = await docker.version();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Images \(run\) .*can be checked here/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(` ${Version}, API ${ApiVersion}`);
    expect(stdout).not.toContain('\u001b');
  });

  test('with --json - gives the facts to a program, and the text to standard error', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['doctor', '--json', '-']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^ok +Node +Node v/m);
    const result = parse(stdout);
    expect(result).toMatchObject({ schemaVersion: 1, tool: { name: 'shutdown-check' }, can: { run: true } });
    expect(result.machine).toMatchObject({
      platform: process.platform,
      engine: { kind: 'answers', info: { kind: expect.stringMatching(/docker|podman/) } },
      node: { version: process.version, isNewEnough: true },
      clock: { kind: 'told' },
    });
    // An answer about the registry is one, whatever it is.
    expect(line(result, 'registry')?.found).not.toBe('');
  });

  test('saves the facts in a file', async () => {
    const file = path.join(await temporaryFolder(), 'doctor.json');
    const { exitCode, stdout } = await shutdownCheck(['doctor', '--json', file, '--no-color']);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Images/) });
    expect(parse(await readFile(file, 'utf8')).can.run).toBe(true);
  });

  test.runIf(isLinux)('with no engine says what to do, and tells of everything else', async () => {
    const { exitCode, stdout } = await shutdownCheck(['doctor', '--json', '-'], { env: NOWHERE });
    const result = parse(stdout);
    expect(exitCode).toBe(result.can.exec ? 0 : 2);
    expect(line(result, 'engine')).toMatchObject({
      state: 'missing',
      found: expect.stringContaining('No engine answers at unix:///nonexistent/docker.sock (DOCKER_HOST)'),
      remedy: expect.stringContaining('systemctl start docker'),
    });
    expect(line(result, 'engine')?.remedy).not.toContain('shutdown-check doctor');
    const untold = result.lines.filter(({ state }) => state === 'unknown').map(({ name }) => name);
    expect(untold).toEqual(['address', 'processes', 'registry', 'clock']);
  });

  test('where nothing can be checked ends with 2', async () => {
    const folder = await temporaryFolder();
    const { exitCode, stdout } = await shutdownCheck(['doctor'], { env: { ...NOWHERE, PATH: folder } });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 2,
      stdout: expect.stringMatching(/^Nothing can be checked here\.\n/),
    });
    if (isLinux) expect(stdout).toMatch(/^missing +Commands +There is no `unshare` on PATH/m);
  });

  test.runIf(isLinux)('with too few files for a load says so, and that nothing can be checked', async () => {
    const doctor = [process.execPath, path.join(ROOT, 'src', 'cli.ts'), 'doctor', '--json', '-'];
    const { exitCode, stdout } = await program('prlimit', ['--nofile=120:120', ...doctor]);
    expect(exitCode).toBe(2);
    expect(parse(stdout).machine.files).toEqual({ limit: 120, connections: 20 });
  });

  test('looks at this machine, and at nothing else', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['doctor', './api']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      'doctor looks at this machine, and takes no "./api".\n' +
        'To check something: shutdown-check run ./api\nSee: shutdown-check doctor --help\n',
    );
  });
});

describe('a port that accepts and says nothing', () => {
  const open = new Set<Socket>();
  let server: Server | null = null;
  afterAll(() => {
    for (const socket of open) socket.destroy();
    server?.close();
  });

  test('does not keep it: the engine gave no answer', async () => {
    const port = await new Promise<number>((resolve) => {
      const listening = createServer((socket) => open.add(socket)).listen(0, '127.0.0.1', () => {
        const address = listening.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
      server = listening;
    });
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    const { stdout } = await shutdownCheck(['doctor', '--json', '-'], { env });
    expect(open.size).toBeGreaterThan(0);
    const result = parse(stdout);
    expect(result.machine.engine).toMatchObject({
      kind: 'none',
      message: `No engine answers at tcp://127.0.0.1:${port} (DOCKER_HOST): no answer in 3 s`,
    });
    expect(line(result, 'node')?.state).toBe('ok');
  });
});

/** What the program is made with, where every user may read it: by links where the file system has them. */
async function linkModules(folder: string): Promise<void> {
  const words = [path.join(ROOT, 'node_modules'), folder];
  const { exitCode } = await program('cp', ['-al', ...words]);
  if (exitCode !== 0) await program('cp', ['-a', ...words]);
}

test.runIf(isLinux && isRoot)('an ordinary user is told what takes root, and what does not', async () => {
  await using copy = await makeCopy();
  const home = path.join(copy.folder, 'home');
  await mkdir(home);
  await linkModules(copy.folder);
  const [first = '', ...before] = NOBODY;
  const doctor = [path.join(copy.folder, 'node'), path.join(copy.folder, 'src', 'cli.ts'), 'doctor', '--json', '-'];
  const { exitCode, stdout } = await program(first, [...before, ...doctor], {
    cwd: copy.folder,
    env: { ...NOWHERE, HOME: home },
  });
  const { machine, lines } = parse(stdout);
  const ofName = (name: LineName) => lines.find((one) => one.name === name);
  expect(ofName('kernel')).toMatchObject({ state: 'limited', remedy: expect.stringMatching(/as root/) });
  expect(ofName('engine')?.state).toBe('missing');
  // Whether an ordinary user may make namespaces is the machine's to say.
  if (machine.namespaces.kind === 'can') expect(machine.namespaces).toMatchObject({ way: 'user', ownNetwork: false });
  expect(exitCode).toBe(machine.namespaces.kind === 'can' ? 0 : 2);
});
