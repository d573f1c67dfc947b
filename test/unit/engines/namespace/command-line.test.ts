import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../../../src/engines/namespace/command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  for (const name of ['app', 'dumb-init', 'catatonit'])
    await writeFile(path.join(folder, name), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(path.join(folder, 'plain.sh'), 'true\n');
  await chmod(path.join(folder, 'plain.sh'), 0o644);
});
afterAll(() => rm(folder, { recursive: true }));

test('a command is given to the kernel as it is, after the first init that is installed where one is asked for', () => {
  const env = { PATH: folder };
  expect(commandLine(['app', '-x', ''], false, env, '/')).toEqual(['app', '-x', '']);
  expect(commandLine(['app'], true, env, '/')).toEqual(['dumb-init', '--', 'app']);
  expect(commandLine(['./app'], false, {}, folder)).toEqual(['./app']);
});

test('variables that no shell passes on go by `env`', () => {
  const words = commandLine(['app'], false, { PATH: folder, 'a.b': '1', plain: '2' }, '/');
  expect(words[0]).toMatch(/\/env$/);
  expect(words.slice(1)).toEqual(['--', 'a.b=1', 'app']);
});

test.each([
  { command: ['nosuch'], message: 'no program `nosuch` on PATH', nextStep: 'a program on PATH: ' },
  { command: ['./nosuch'], message: 'no program `./nosuch` in ', nextStep: 'Name an existing program.' },
  { command: ['/nosuch/app'], message: 'no program `/nosuch/app`.', nextStep: 'Name an existing program.' },
  { command: ['PORT=1', 'app'], message: 'on PATH', nextStep: '`--env PORT=1`, before the `--`' },
  { command: ['plain.sh'], message: '`plain.sh` on PATH may not be executed', nextStep: '`-- sh plain.sh`' },
  {
    command: ['app --port 1'],
    message: 'no program `app --port 1` on PATH',
    nextStep: 'words of their own: `-- app --port 1`',
  },
  { command: ['app && app'], message: 'on PATH', nextStep: "`-- sh -c 'app && app'`" },
])('$command is refused, with what to do: $nextStep', ({ command, message, nextStep }) => {
  expect(() => commandLine(command, false, { PATH: folder }, folder)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(message),
      nextStep: expect.stringContaining(nextStep),
    }),
  );
});

test('an init that is not installed is an error that names those there could be', () => {
  expect(() => commandLine([`${folder}/app`], true, { PATH: '/nowhere' }, '/')).toThrow('tini, docker-init, dumb-init');
});
