import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import {
  cleanUp,
  containersOf,
  type Ended,
  imageOf,
  npm,
  packInto,
  program,
  ROOT,
  sample,
  temporaryFolder,
} from './support.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** A project of somebody's, with the packed program and vitest in it. */
let project: string;
/** The examples of the documentation, in its order. */
let examples: readonly string[];

beforeAll(async () => {
  project = await temporaryFolder();
  const manifest = await readFile(path.join(ROOT, 'package.json'), 'utf8');
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Readonly<Record<string, string>> };
  await packInto(project);
  await npm(['install', '--prefix', project, '--prefer-offline', `vitest@${devDependencies['vitest']}`], project);
  const page = await readFile(path.join(ROOT, 'docs', 'vitest.md'), 'utf8');
  examples = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => text);
});
afterAll(cleanUp);

/** A folder of the project with an app and a test in it. */
async function suite(name: string, app: string, text: string): Promise<string> {
  const folder = path.join(project, name);
  await cp(app, folder, { recursive: true });
  await mkdir(path.join(folder, 'test'));
  await writeFile(path.join(folder, 'test', 'shutdown.test.ts'), text);
  return folder;
}

async function vitest(cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const bin = path.join(project, 'node_modules', '.bin', 'vitest');
  const ended = await program(bin, ['run', 'test/shutdown.test.ts'], { cwd, env: { NO_COLOR: '1', ...env } });
  return { ...ended, stdout: stripVTControlCharacters(ended.stdout), stderr: stripVTControlCharacters(ended.stderr) };
}

describe('the example of the documentation', () => {
  test('is green for an app that drains', async () => {
    const { folder } = await sample('drains');
    const { exitCode, stdout, stderr } = await vitest(await suite('green', folder, examples[0] ?? ''));
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/1 passed/) });
  });

  test('is red for one without a handler, and shows the report', async () => {
    const { folder } = await sample('no-handler');
    const text = (examples[0] ?? '').replace('graceMs: 30_000', 'graceMs: 2_000');
    const { exitCode, stderr } = await vitest(await suite('red', folder, text));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/FAIL {2}The stop cost/) });
    for (const part of [/^Cause PID1_NO_HANDLER$/m, /^ {2}Do: /m, /^Signals and exit$/m, /^Measured$/m])
      expect(stderr).toMatch(part);
  });

  test('for a container of testcontainers is green, and leaves none', async () => {
    const app = await sample('drains');
    await program(process.execPath, [
      path.join(ROOT, 'src', 'cli.ts'),
      'run',
      app.folder,
      '--warmup',
      '500ms',
      '--output',
      app.folder,
    ]);
    const { RepoTags } = await (await imageOf(app)).inspect();
    const text = (examples[2] ?? '').replace('my-service', RepoTags[0] ?? '');
    const ended = await vitest(await suite('started', app.folder, text), { TESTCONTAINERS_RYUK_DISABLED: 'true' });
    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/1 passed/) });
    expect(await containersOf(app)).toEqual([]);
  });

  test('for node:test is green', async () => {
    const { folder } = await sample('drains');
    const cwd = await suite('node-test', folder, examples[3] ?? '');
    const { exitCode, stdout } = await program(process.execPath, ['--test', 'test/shutdown.test.ts'], { cwd });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/pass 1/) });
  });

  test('has types', async () => {
    const typed = path.join(project, 'typed');
    await mkdir(typed);
    const files = examples.map((_, nth) => `example-${nth}.test.ts`);
    await Promise.all(files.map((file, nth) => writeFile(path.join(typed, file), `${examples[nth]}\nexport {};\n`)));
    await writeFile(path.join(typed, 'wrong.ts'), WRONG);
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true },
      ...{ target: 'es2022', lib: ['es2022', 'dom', 'esnext.disposable'], module: 'nodenext', types: ['node'] },
    };
    await writeFile(
      path.join(typed, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: [...files, 'wrong.ts'] }),
    );
    const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
    expect(await program(process.execPath, [tsc, '-p', typed])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

const WRONG = `
  import { expectGracefulShutdown } from 'shutdown-check/vitest';
  import { expect } from 'vitest';

  export const right: Promise<void> = expect('.').not.toExitWith(0);
  // @ts-expect-error: an exit code is a number
  await expect('.').toExitWith('0');
  // @ts-expect-error: it has the unit in its name
  await expect('.').toShutDownGracefully({ grace: '30s' });
  // @ts-expect-error: no such thing can be checked
  await expectGracefulShutdown(7);
`;

test('within the time that vitest gives a test the failure says what to do, and no container is left', async () => {
  const app = await sample('drains');
  const text = (examples[0] ?? '').replace('timeout: SHUTDOWN_TIMEOUT_MS', '');
  const { exitCode, stderr } = await vitest(await suite('late', app.folder, text));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  expect(stderr).toMatch(/The check was not over when the test's time was, 5\.00 s: it was /);
  expect(stderr).toMatch(/SHUTDOWN_TIMEOUT_MS/);
  expect(stderr).not.toMatch(/Test timed out/);
  await vi.waitFor(async () => expect(await containersOf(app)).toEqual([]), { timeout: 20_000 });
});
