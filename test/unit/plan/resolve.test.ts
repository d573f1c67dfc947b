import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CannotRunError } from '../../../src/errors.ts';
import type { RunOptions } from '../../../src/plan/options.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shutdown-check-test-'));
  for (const name of ['app', 'other', 'empty']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'app', 'Dockerfile'), 'FROM scratch\n');
  await writeFile(join(folder, 'other', 'Dockerfile.prod'), 'FROM scratch\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('defaults', () => {
  test('every one of them is filled in', async () => {
    const plan = await resolvePlan({ target: 'nginx:1.29' });
    expect(plan).toMatchObject({
      profile: 'docker',
      image: { kind: 'image', reference: 'nginx:1.29', platform: null, pull: 'missing' },
      readyPath: '/',
      readyTimeoutMs: 120_000,
      graceMs: 10_000,
      routingLagMs: 0,
      acceptExitCodes: null,
      strictUnread: false,
      timeoutMs: 1_800_000,
      load: {
        rate: 'auto',
        requests: [{ path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null }],
        expectStatus: null,
        requestTimeoutMs: 15_000,
        warmupMs: 5_000,
        rampMs: 1_500,
        connections: 'both',
        minInFlight: 1,
      },
    });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test.each([
    [{ graceMs: 30_000 }, { load: { requestTimeoutMs: 35_000 } }],
    [{ warmupMs: 2_000 }, { load: { rampMs: 600 } }],
    [{ warmupMs: 20_000 }, { load: { rampMs: 1_500 } }],
    [{ path: '/a?b=1' }, { readyPath: '/a?b=1' }],
    [{ method: 'post', body: '' }, { load: { requests: [{ method: 'POST', body: '' }] } }],
    [{ requests: [{ path: '/x' }, { path: '/y', everyMs: 4_000 }] }, { readyPath: '/x' }],
    [{ stopSignal: 'quit' }, { container: { stopSignal: 'SIGQUIT' } }],
    [
      { volumes: ['./data:/data:ro', 'named:/x'] },
      { container: { volumes: [`${resolve('data')}:/data:ro`, 'named:/x'] } },
    ],
    [{ entrypoint: [], command: [] }, { container: { entrypoint: [], command: [] } }],
  ] satisfies [Partial<RunOptions>, object][])('%j', async (options, want) => {
    expect(await resolvePlan({ target: 'nginx', ...options })).toMatchObject(want);
  });
});

describe('target', () => {
  test.each(['app', 'app/Dockerfile'])('%s is built, with its own folder as context', async (name) => {
    const dockerfile = join(folder, 'app', 'Dockerfile');
    const { image } = await resolvePlan({ target: join(folder, name) });
    expect(image).toMatchObject({ kind: 'build', dockerfile, context: join(folder, 'app') });
  });

  test('a Dockerfile of any name is built, with another context where one is named', async () => {
    const { image } = await resolvePlan({ target: join(folder, 'other/Dockerfile.prod'), context: folder });
    expect(image).toMatchObject({ kind: 'build', dockerfile: join(folder, 'other/Dockerfile.prod'), context: folder });
  });

  test('image forces a reference even where a path of that name exists', async () => {
    const { image } = await resolvePlan({ target: 'src', image: true });
    expect(image).toMatchObject({ kind: 'image', reference: 'src' });
  });

  test.each(['nginx', 'localhost:5000/a/b-c:1.2', 'ghcr.io/x/y@sha256:'.concat('0'.repeat(64)), 'a__b/c.d'])(
    '%s is an image',
    async (target) => {
      expect((await resolvePlan({ target })).image).toMatchObject({ kind: 'image', reference: target });
    },
  );

  test('a folder without a Dockerfile lists what looks like one', async () => {
    const error = await errorOf({ target: join(folder, 'other') });
    expect(error.message).toContain('There is no Dockerfile in the folder');
    expect(error.detail).toContain(join(folder, 'other', 'Dockerfile.prod'));
  });

  test.each([
    './nowhere',
    '/no/where',
    '../x/Dockerfile',
    'Dockerfile.prod',
    'sub/Dockerfile.dev',
    'web.Dockerfile',
    '~/x',
  ])('%s does not exist, and is not pulled instead', async (target) => {
    expect((await errorOf({ target })).message).toContain(`${target} does not exist`);
  });
});

describe('refusals', () => {
  test.each<[object, string]>([
    [{ target: undefined }, '"target" is missing'],
    [{ target: 'My Image' }, 'neither an existing path nor a valid image reference'],
    [{ grace: 10 }, 'there is no "grace". Did you mean "graceMs"?'],
    [{ graceMs: 1_500 }, 'Fractions of a second are refused because the engine counts'],
    [{ graceMs: -1_000 }, 'graceMs (--grace) cannot be -1000'],
    [{ port: '3000' }, 'port (--port) cannot be "3000": it takes a whole number from 1 to 65535'],
    [{ port: 70_000 }, 'port (--port) cannot be 70000'],
    [{ rate: 0 }, 'rate (--rate) cannot be 0'],
    [{ rate: 'fast' }, 'rate (--rate) cannot be "fast": it takes auto'],
    [{ path: 'orders' }, 'path (--path) cannot be "orders"'],
    [{ connections: 'some' }, 'it takes fresh, pooled, both'],
    [{ expectStatus: [] }, 'expectStatus (--expect-status) cannot be []'],
    [{ acceptExitCodes: [256] }, 'acceptExitCodes (--accept-exit-code) cannot be [256]'],
    [{ stopSignal: 'SIGNOPE' }, 'stopSignal (--stop-signal) cannot be "SIGNOPE"'],
    [{ env: { A: 1 } }, 'env (--env) cannot be'],
    [{ memoryBytes: 1_000 }, 'memoryBytes (--memory) cannot be 1000'],
    [{ volumes: ['data'] }, 'volumes (--volume) cannot be'],
    [{ platform: 'amd64' }, 'platform (--platform) cannot be "amd64"'],
    [{ context: '.' }, 'is taken as an image, and --context is for building one'],
    [{ requests: [{ path: '/' }], path: '/' }, 'requests (--requests) takes the place of path (--path)'],
    [{ requests: [{ path: '/', everyMs: 1_000 }] }, 'none is left for the steady load'],
    [{ body: 'x' }, 'has a body, and GET carries none'],
    [{ headers: { 'bad name': 'x' } }, 'bad name'],
    [{ headers: { Connection: 'close' } }, 'The load sets "Connection" itself'],
  ])('%j', async (options, want) => {
    expect((await errorOf({ target: 'nginx', ...options })).message).toContain(want);
  });

  test('a context that is no folder', async () => {
    const error = await errorOf({ target: join(folder, 'app'), context: join(folder, 'nope') });
    expect(error.message).toContain('is not a folder');
  });
});

async function errorOf(options: RunOptions): Promise<CannotRunError> {
  const thrown: unknown = await resolvePlan(options).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(CannotRunError);
  return thrown as CannotRunError;
}

describe('what the record of a run holds', () => {
  test.each([
    [{ warmupMs: 4_200_000 }, 'holds 1h10m'],
    [{ graceMs: 2_100_000 }, 'holds 1h10m'],
    [{ rate: 20_000, warmupMs: 800_000 }, 'holds 16 million'],
  ])('refuses %o', async (options, because) => {
    await expect(resolvePlan({ target: 'nginx', ...options })).rejects.toThrow(because);
  });

  test('is enough for half an hour of warm-up and a minute of grace', async () => {
    const plan = await resolvePlan({ target: 'nginx', warmupMs: 1_800_000, graceMs: 60_000, rate: 2000 });
    expect(plan.load.warmupMs).toBe(1_800_000);
  });
});

describe('protocols', () => {
  test.each([
    [{ grpc: 'health', path: '/x' }, 'path'],
    [{ grpc: 'health', readyPath: '/ready' }, 'readyPath'],
    [{ http2: true, park: 1 }, '--park'],
    [{ grpc: 'health', hold: ['sse:/events'] }, '--hold'],
    [{ insecure: true, ca: 'package.json' }, '--insecure'],
    [{ https: false, insecure: true }, 'https'],
    [{ ca: 'nowhere.pem' }, 'nowhere.pem'],
    [{ requestIdHeader: 'Host' }, 'request-id-header'],
    [{ hold: ['http:/events'] }, '--hold'],
    [{ requests: Array.from({ length: 257 }, () => ({ path: '/' })) }, '256'],
  ] as const)('%o is refused', async (options, because) => {
    await expect(resolvePlan({ target: 'nginx', ...options })).rejects.toThrow(because);
  });

  test('gRPC is a POST to the method, by default the standard health check', async () => {
    const plan = await resolvePlan({ target: 'nginx', grpc: 'health' });
    expect(plan.load).toMatchObject({ protocol: 'grpc', tls: null });
    expect(plan.load.requests).toMatchObject([{ method: 'POST', path: '/grpc.health.v1.Health/Check' }]);
    expect(plan.readyPath).toBe('/grpc.health.v1.Health/Check');
  });

  test('insecure and ca speak TLS without being told so', async () => {
    expect((await resolvePlan({ target: 'nginx', insecure: true })).load.tls).toEqual({ ca: null, insecure: true });
    expect((await resolvePlan({ target: 'nginx', ca: 'package.json' })).load.tls?.ca).toBe(resolve('package.json'));
  });
});

describe('what has no place beside what is not done', () => {
  test.each([
    [{ park: 3 }, 'park (--park)'],
    [{ hold: ['sse:/events'] }, 'hold (--hold)'],
    [{ rate: 20 }, 'rate (--rate)'],
    [{ path: '/orders' }, 'path (--path)'],
    [{ port: 3000 }, 'port (--port)'],
  ] satisfies [Partial<RunOptions>, string][])('%j is refused beside load none', async (options, named) => {
    await expect(resolvePlan({ target: 'app', load: 'none', ...options })).rejects.toThrow(
      `With --load none nothing is sent, so ${named} has no place beside it.`,
    );
  });

  test('a load is refused where the app is stopped while it starts', async () => {
    const options: RunOptions = { target: 'app', when: 'starting' };
    await expect(resolvePlan({ ...options, rate: 20 })).rejects.toThrow('so rate (--rate) has no place beside it');
    expect(await resolvePlan({ ...options, readyPath: '/healthz' })).toMatchObject({
      when: 500,
      readyPath: '/healthz',
    });
  });

  test('a worker is sent nothing, with and without patterns for its jobs', async () => {
    const options: RunOptions = { target: 'app', load: 'none', park: 0 };
    expect(await resolvePlan(options)).toMatchObject({ load: { kind: 'none', requests: [] }, jobs: null });
    expect(await resolvePlan({ ...options, jobStart: 'a', jobEnd: 'b' })).toMatchObject({
      jobs: { start: 'a', end: 'b' },
    });
  });
});
