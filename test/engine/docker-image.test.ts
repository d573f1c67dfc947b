import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import type { Engine, PreparedImage } from '../../src/engines/engine.ts';
import { CannotRunError } from '../../src/errors.ts';
import type { ImageSource } from '../../src/plan/plan.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const docker = new Docker();
const built = new Set<string>();
let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await connectDocker();
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  for (const tag of built)
    await docker
      .getImage(tag)
      .remove()
      .catch(() => {});
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Files = Readonly<Record<string, string>>;

/** Each build has a folder, and so an image name, of its own. */
async function project(files: Files): Promise<string> {
  const context = await mkdtemp(path.join(folder, 'app-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(context, name)), { recursive: true });
    await writeFile(path.join(context, name), text);
  }
  return context;
}

async function build(
  context: string,
  more: Partial<Extract<ImageSource, { kind: 'build' }>> = {},
  onProgress: (line: string) => void = () => {},
  abort: AbortSignal = new AbortController().signal,
): Promise<PreparedImage> {
  const dockerfile = path.join(context, 'Dockerfile');
  const defaults = { dockerfile, context, buildArgs: {}, buildTarget: null, platform: null, pull: 'missing' } as const;
  const image = await engine.prepareImage(
    { kind: 'build', reference: context, ...defaults, ...more },
    onProgress,
    abort,
  );
  built.add(image.reference);
  return image;
}

/** Names of the files in an image, read from a container that is made of it and never started. */
async function filesOf(image: PreparedImage): Promise<string[]> {
  const container = await docker.createContainer({ Image: image.id ?? '', Cmd: ['none'] });
  try {
    const names: string[] = [];
    const tar = await buffer(await container.export());
    for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
      const field = (from: number, to: number): string =>
        tar.toString('utf8', at + from, at + to).replace(/\0.*$/s, '');
      names.push(field(0, 100));
      at += 512 + Math.ceil(Number.parseInt(field(124, 136), 8) / 512) * 512;
    }
    return names.filter((name) => name.startsWith('app/') && !name.endsWith('/')).sort();
  } finally {
    await container.remove();
  }
}

function failureOf(promise: Promise<unknown>): Promise<CannotRunError> {
  return promise.then(
    () => expect.unreachable('should have failed'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(CannotRunError);
      return error as CannotRunError;
    },
  );
}

const IGNORING = {
  Dockerfile: 'FROM scratch\nCOPY . /app/\n',
  'keep.txt': 'a',
  'drop.txt': 'b',
  'sub/drop.txt': 'c',
  'out/drop.js': 'd',
  'out/keep.js': 'e',
  '.dockerignore': '**/drop.txt\nout\n!out/keep.js\nDockerfile\n.dockerignore\n',
};

describe.each(['the docker CLI', 'the API, without a CLI'])('a build by %s', (builder) => {
  const useBuilder = (): void => {
    // No engine is looked for on PATH, only the CLI.
    if (builder !== 'the docker CLI') vi.stubEnv('PATH', '/nonexistent');
  };

  test('gives the image with what its Dockerfile says, and passes on lines', async () => {
    useBuilder();
    const context = await project({
      Dockerfile:
        'FROM scratch\nCOPY a /app/\nEXPOSE 8080/tcp 53/udp 443\nSTOPSIGNAL SIGQUIT\nHEALTHCHECK CMD ["x"]\nENTRYPOINT ["y"]\nCMD ["z"]\n',
      a: '1',
    });
    const lines: string[] = [];
    const image = await build(context, {}, (line) => lines.push(line));
    expect(image).toMatchObject({
      entrypoint: ['y'],
      command: ['z'],
      stopSignal: 'SIGQUIT',
      exposedPorts: [443, 8080],
      hasHealthcheck: true,
      dockerfile: { entrypointLine: 6, commandLine: 7, stopSignalLine: 4 },
    });
    expect(lines.join('\n')).toContain('FROM scratch');
  });

  test('leaves out what .dockerignore names, takes in its exceptions, and still reads the Dockerfile', async () => {
    useBuilder();
    expect(await filesOf(await build(await project(IGNORING)))).toEqual(['app/keep.txt', 'app/out/keep.js']);
  });

  test('takes build arguments and stops at the build target', async () => {
    useBuilder();
    const context = await project({
      Dockerfile: 'FROM scratch AS first\nARG F=none\nCOPY ${F} /app/\nFROM scratch\nCOPY nosuch /\n',
      chosen: '1',
    });
    const image = await build(context, { buildArgs: { F: 'chosen' }, buildTarget: 'first' });
    expect(await filesOf(image)).toEqual(['app/chosen']);
  });

  test('takes a Dockerfile from outside the context', async () => {
    useBuilder();
    const outside = await project({ 'my.Dockerfile': 'FROM scratch\nCOPY . /app/\n' });
    const context = await project({ a: '1' });
    expect(await filesOf(await build(context, { dockerfile: path.join(outside, 'my.Dockerfile') }))).toEqual(['app/a']);
  });

  test('names the line of a RUN that fails, with its output, and leaves no container behind', async () => {
    useBuilder();
    const context = await project({ Dockerfile: `FROM ${BASE}\n\nRUN echo so-it-ends && \\\n  exit 3\n` });
    const failure = await failureOf(build(context));
    expect(failure.message).toMatch(/app-\w+\/Dockerfile:3 does not build: RUN echo so-it-ends && exit 3$/);
    expect(failure.detail).toContain('so-it-ends');
    const left = await docker.listContainers({ all: true });
    expect(left.filter(({ Command }) => Command.includes('so-it-ends'))).toEqual([]);
  });

  test('names the line that is no instruction', async () => {
    useBuilder();
    const failure = await failureOf(build(await project({ Dockerfile: 'FROM scratch\nCPY a /\n' })));
    expect(failure.message).toMatch(/Dockerfile:2 does not build: CPY a \/$/);
    expect(failure.detail.join('\n')).toContain('unknown instruction: CPY');
  });

  test("ends with the abort's own reason, and the RUN under way with it", async () => {
    useBuilder();
    const context = await project({ Dockerfile: `FROM ${BASE}\nRUN sleep 4711\n` });
    const abort = new AbortController();
    const isAtIt = (line: string): void => {
      if (/Running in|\[2\/2\] RUN/.test(line)) setTimeout(() => abort.abort(new Error('enough')), 300);
    };
    await expect(build(context, {}, isAtIt, abort.signal)).rejects.toThrow('enough');
    await vi.waitFor(
      async () => {
        const left = await docker.listContainers({ all: true });
        expect(left.filter(({ Command }) => Command.includes('4711'))).toEqual([]);
      },
      { timeout: 10_000, interval: 200 },
    );
  });
});

test('a rebuild removes the image that it takes the name from', async () => {
  const context = await project({ Dockerfile: 'FROM scratch\nCOPY a /app/\n', a: '1' });
  const first = await build(context);
  await writeFile(path.join(context, 'a'), '2');
  const second = await build(context);
  expect(second.reference).toBe(first.reference);
  expect(second.id).not.toBe(first.id);
  await expect(docker.getImage(first.id ?? '').inspect()).rejects.toMatchObject({ statusCode: 404 });
});

describe('an image reference', () => {
  const find = (reference: string, pull: 'always' | 'missing' | 'never'): Promise<PreparedImage> =>
    engine.prepareImage({ kind: 'image', reference, platform: null, pull }, () => {}, new AbortController().signal);

  test('that the engine has is not pulled', async () => {
    const image = await find(BASE, 'missing');
    expect(image.reference).toBe(BASE);
    expect(image.id).toMatch(/^sha256:/);
  });

  test("that cannot be pulled gives the registry's message, and asks whether a Dockerfile was meant", async () => {
    const failure = await failureOf(find('registry.invalid/nosuch/image:1', 'missing'));
    expect(failure.message).toMatch(/^The image registry\.invalid\/nosuch\/image:1 cannot be had: .*no such host/);
    expect(failure.nextStep).toContain('If you meant a Dockerfile, give its path');
  });

  test('that is not there and must not be pulled says so', async () => {
    const failure = await failureOf(find('shutdown-check/nosuch:1', 'never'));
    expect(failure.message).toContain('it must not be pulled');
  });
});
