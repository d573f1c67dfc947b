import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { BASE, ROOT, shutdownCheck } from './support.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'config-cli-'));
  await writeFile(
    path.join(folder, 'shutdown-check.yaml'),
    `
defaults:
  grace: 2s
  warmup: 1s
  build-arg: { NODE_IMAGE: ${BASE} }
targets:
  good: { target: ${path.join(ROOT, 'sample-apps/drains/Dockerfile')} }
  bad: { target: ${path.join(ROOT, 'sample-apps/drains/shell-form.Dockerfile')} }
  gone: { target: ./gone/Dockerfile }
scenarios:
  legacy:
    title: The handler is right, but a shell is PID 1.
    target: ${path.join(ROOT, 'sample-apps/drains/shell-form.Dockerfile')}
    expected: { verdict: fail, findings: [SHELL_IS_PID1], sigkill: true, exit-code: 137 }
reporters: [junit=out/junit.xml]
`,
  );
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('run with a configuration', () => {
  test('checks the targets that are named, shows each, and writes the reports of the file', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['run', 'good', 'bad'], { cwd: folder });
    expect(stderr).toContain('Using shutdown-check.yaml.');
    expect(stdout).toMatch(/^FAIL {2}1 of 2 targets passed/);
    expect(stdout).toMatch(/^good +pass/m);
    expect(stdout).toMatch(/^bad +fail +SHELL_IS_PID1 +yes +137/m);
    expect(exitCode).toBe(1);
    expect(await readFile(path.join(folder, 'out/junit.xml'), 'utf8')).toMatch(/tests="2" failures="1"/);
  }, 120_000);

  test('ends with 2 where one of them cannot be checked, and still checks the other', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['run', 'good', 'gone'], { cwd: folder });
    expect(stdout).toMatch(/^PASS/);
    expect(stderr).toContain('Could not check gone: ./gone/Dockerfile does not exist');
    expect(exitCode).toBe(2);
  }, 120_000);

  test('tells a mistake in the file with its line, and runs nothing', async () => {
    await writeFile(path.join(folder, 'shutdown-check.yaml'), 'defaults:\n  grase: 2s\n');
    const { exitCode, stderr } = await shutdownCheck(['run', 'good'], { cwd: folder });
    expect(stderr).toContain('shutdown-check.yaml:2:3: there is no "defaults.grase". Did you mean "grace"?');
    expect(exitCode).toBe(2);
  });

  test('is as without, where none is to be read', async () => {
    const { exitCode, stderr } = await shutdownCheck(['run', '--no-config'], { cwd: folder });
    expect(stderr).toContain('run needs a target');
    expect(exitCode).toBe(2);
  });
});

test('scenarios runs those of the configuration, and says so', async () => {
  const { exitCode, stderr, stdout } = await shutdownCheck(['scenarios'], { cwd: folder });
  expect(stderr).toContain('Using shutdown-check.yaml. Its scenario runs; --built-in runs the built-in ones.');
  expect(stdout).toContain('Scenario legacy: as expected.');
  expect(exitCode).toBe(0);
}, 120_000);

describe('plan', () => {
  test('prints what run would do, and where it was said, without an engine', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere.sock' };
    const { exitCode, stdout } = await shutdownCheck(['plan', 'bad', '--path', '/orders'], { cwd: folder, env });
    expect(stdout).toContain('#   grace: shutdown-check.yaml:3');
    expect(stdout).toContain('#   path: the command line');
    const [plan] = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(plan).toMatchObject({ name: 'bad', graceMs: 2_000, readyPath: '/orders' });
    expect(exitCode).toBe(0);
  });

  test('prints the others where one target cannot be planned, and ends with 2', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['plan', '--json'], { cwd: folder });
    expect((JSON.parse(stdout) as readonly { readonly name: string }[]).map(({ name }) => name)).toEqual([
      'good',
      'bad',
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('./gone/Dockerfile does not exist'),
    });
  });

  test('hides what a saved result hides', async () => {
    const given = ['plan', 'nginx:1', '--no-config', '--env', 'TOKEN=s3cret', '--header', 'Authorization: s3cret'];
    const { stdout } = await shutdownCheck([...given, '--json'], { cwd: folder });
    expect(stdout).not.toContain('s3cret');
    expect(JSON.parse(stdout)).toHaveLength(1);
  });
});
