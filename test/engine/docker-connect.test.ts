import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import type { CannotRunError } from '../../src/errors.ts';

const SOCKET = '/var/run/docker.sock';
const folders: string[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A docker configuration whose current context is `name`. */
async function useContext(name: string, host: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  folders.push(folder);
  const meta = path.join(folder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(meta, { recursive: true });
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ currentContext: name }));
  await writeFile(path.join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
  vi.stubEnv('DOCKER_CONFIG', folder);
  vi.stubEnv('DOCKER_HOST', undefined);
  vi.stubEnv('DOCKER_CONTEXT', undefined);
}

const failure = (): Promise<CannotRunError> =>
  connectDocker().then(
    () => expect.unreachable(),
    (error: unknown) => error as CannotRunError,
  );

describe('connectDocker', () => {
  test('says which engine answered', async () => {
    await using engine = await connectDocker();
    expect(engine.info).toMatchObject({
      kind: expect.stringMatching(/^(docker|podman)$/),
      version: expect.stringMatching(/^\d+\./),
    });
  });

  test('never takes another engine in the place of the one DOCKER_HOST names', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nonexistent/docker.sock');
    const error = await failure();
    expect(error.name).toBe('CannotRunError');
    expect(error.message).toContain('unix:///nonexistent/docker.sock (DOCKER_HOST)');
    expect(error.nextStep).toMatch(/systemctl start docker.*Docker Desktop.*colima start/s);
  });

  test('follows the current docker context', async () => {
    await useContext('mine', 'unix:///nonexistent/mine.sock');
    expect((await failure()).message).toContain('unix:///nonexistent/mine.sock (docker context "mine")');
  });

  test.skipIf(Boolean(process.env['DOCKER_HOST']) || process.platform === 'win32')(
    'reaches an engine through a context',
    async () => {
      await useContext('mine', `unix://${SOCKET}`);
      await using engine = await connectDocker();
      expect(engine.info.kind).toMatch(/docker|podman/);
    },
  );

  test('names a context that does not exist', async () => {
    await useContext('mine', 'unix:///x');
    vi.stubEnv('DOCKER_CONTEXT', 'other');
    expect((await failure()).message).toContain('The docker context "other" does not exist');
  });

  test('says how to forward the socket of an engine over ssh', async () => {
    vi.stubEnv('DOCKER_HOST', 'ssh://me@far.example');
    const error = await failure();
    expect(error.message).toContain('over ssh');
    expect(error.nextStep).toContain('/tmp/engine.sock:/var/run/docker.sock me@far.example');
  });
});
