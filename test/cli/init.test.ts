import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type App, app as appOf, cleanUp, dockerfile, server, shutdownCheck } from './support.ts';

let app: App;
beforeEach(async () => {
  app = await appOf({
    Dockerfile: dockerfile('EXPOSE 3000'),
    'server.mjs': server("await sleep(100); response.end('done');", "process.on('SIGTERM', drain);"),
  });
});
afterEach(cleanUp);

const init = (...args: readonly string[]) => shutdownCheck(['init', ...args], { cwd: app.folder });
const config = () => readFile(path.join(app.folder, 'shutdown-check.yaml'), 'utf8');

describe('init', () => {
  test('writes what plan takes as it is', async () => {
    const { exitCode, stdout, stderr } = await init();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('Wrote shutdown-check.yaml');
    const plan = await shutdownCheck(['plan', '--json'], { cwd: app.folder });
    expect(plan.exitCode).toBe(0);
    expect(JSON.parse(plan.stdout)).not.toHaveLength(0);
  });

  test('prints it, and writes nothing, with --dry-run', async () => {
    const { exitCode, stdout } = await init('--dry-run');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('target: ./Dockerfile') });
    await expect(config()).rejects.toThrow('ENOENT');
  });

  test('leaves a configuration that is there as it was, until it is forced', async () => {
    await writeFile(path.join(app.folder, 'shutdown-check.yaml'), 'mine\n');
    const { exitCode, stderr } = await init();
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--force') });
    expect(await config()).toBe('mine\n');
    expect(await init('--force')).toMatchObject({ exitCode: 0 });
    expect(await config()).toContain('target: ./Dockerfile');
  });

  test('is not forced beside one of another name', async () => {
    await writeFile(path.join(app.folder, 'shutdown-check.json'), '{}');
    const { exitCode, stderr } = await init('--force');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('shutdown-check.json') });
  });

  test.skipIf(process.getuid?.() === 0)('says so where it may not write', async () => {
    await chmod(app.folder, 0o555);
    const { exitCode, stderr } = await init();
    await chmod(app.folder, 0o755);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--dry-run') });
  });

  test('takes one folder', async () => {
    expect(await init('a', 'b')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('one folder') });
  });
});

test('run works with what init writes', async () => {
  await init();
  const { exitCode, stdout, stderr } = await shutdownCheck(['run', '--warmup', '1s'], { cwd: app.folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS/) });
  expect(stderr).toContain('Using shutdown-check.yaml.');
}, 120_000);
