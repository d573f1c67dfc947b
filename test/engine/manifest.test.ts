import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { CannotRunError } from '../../src/errors.ts';
import type { RunOptions } from '../../src/plan/options.ts';
import type { RunRecord } from '../../src/result.ts';
import { run } from '../../src/run.ts';

vi.setConfig({ testTimeout: 60_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const SHORT = { warmupMs: 1_000, rate: 20, readyTimeoutMs: 20_000 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A pod whose container runs a server that writes a file first and needs a secret. */
async function pod(): Promise<string> {
  const script = `
    if (!process.env.TOKEN) throw new Error('no TOKEN');
    for (const file of ['/cache/mine', '/srv/a/b/mine']) require('node:fs').writeFileSync(file, 'x');
    const server = require('node:http').createServer((_, response) => setTimeout(() => response.end('done'), 200));
    server.listen(8080);
    process.on('SIGTERM', () => server.close(() => process.exit(0)));
    process.on('SIGTERM', () => server.on('request', (_, response) => response.setHeader('Connection', 'close')));`;
  const container = {
    name: 'app',
    image: BASE,
    command: ['node', '-e', script],
    ports: [{ containerPort: 8080 }],
    env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'tokens', key: 'app' } } }],
    securityContext: { runAsUser: 1234 },
    resources: { limits: { cpu: '512' } },
    volumeMounts: [
      { name: 'cache', mountPath: '/cache' },
      { name: 'more', mountPath: '/srv/a/b/' },
    ],
    lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 3'] } } },
  };
  const spec = {
    containers: [container],
    volumes: [{ name: 'cache', emptyDir: {} }, { name: 'more' }],
    terminationGracePeriodSeconds: 9,
  };
  const file = path.join(folder, 'pod.yaml');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop' }, spec }));
  return file;
}

async function recordOf(options: RunOptions): Promise<RunRecord> {
  const { result } = await run({ ...SHORT, ...options });
  const [record] = result.runs;
  return record!;
}

test('a Deployment of ours is built, started and stopped as it says', async () => {
  const notes: string[] = [];
  const { result } = await run(
    {
      ...SHORT,
      manifest: 'sample-apps/drains/deployment.yaml',
      build: 'sample-apps/drains',
      buildArgs: { NODE_IMAGE: BASE },
    },
    { onProgress: (progress) => progress.kind === 'note' && notes.push(progress.text) },
  );
  const [record] = result.runs;
  expect(record).toMatchObject({
    verdict: 'pass',
    plan: { profile: 'kubernetes', graceMs: 15_000, resolved: { container: { port: 3000, memoryBytes: 2 ** 28 } } },
    termination: { sigkillFired: false, exitCode: 0, preStop: { end: 'done' } },
  });
  expect(notes).toEqual([]);
});

test('a container has from its manifest what a pod would have: its user, an empty folder to write in, any limit', async () => {
  const record = await recordOf({ manifest: await pod(), env: { TOKEN: 't' } });
  expect(record).toMatchObject({
    verdict: 'pass',
    plan: { resolved: { missing: [], container: { user: '1234', cpus: 512, volumes: ['/cache', '/srv/a/b/'] } } },
    termination: { exitCode: 0 },
  });
});

test('what only the cluster has is told at the start, and where the app does not start without it', async () => {
  const manifest = await pod();
  const notes: string[] = [];
  const lacking = `In ${manifest}, but not here: TOKEN from the secret "tokens" (--env TOKEN=...).`;
  const error: unknown = await run(
    { ...SHORT, manifest },
    { onProgress: (progress) => progress.kind === 'note' && notes.push(progress.text) },
  ).catch((thrown: unknown) => thrown);
  expect(notes).toEqual([lacking]);
  expect(error).toBeInstanceOf(CannotRunError);
  const { message, detail } = error as CannotRunError;
  expect(message).toContain('exited before it was stopped: exit code 1');
  expect(detail.slice(0, 2)).toEqual([
    `In ${manifest}, but not here:`,
    '  TOKEN from the secret "tokens" (--env TOKEN=...)',
  ]);
});

test('sidecars share a network with the container, and are stopped after it', async () => {
  const ends = `process.on('SIGTERM', () => process.exit(0));`;
  const proxy = `require('node:http').createServer((_, response) => response.end('proxied')).listen(9000); ${ends}`;
  const app = `
    const server = require('node:http').createServer(async (_, response) => {
      response.setHeader('Connection', 'close');
      response.statusCode = (await fetch('http://localhost:9000/').catch(() => null))?.status ?? 502;
      setTimeout(() => response.end(), 100);
    });
    server.listen(8080);
    process.on('SIGTERM', () => server.close(() => process.exit(0)));`;
  const container = (name: string, script: string, more: object = {}): object => ({
    ...{ name, image: BASE, command: ['node', '-e', script] },
    ...more,
  });
  const spec = {
    initContainers: [
      container('proxy', proxy, { restartPolicy: 'Always' }),
      container('log', `setInterval(() => {}, 1000); ${ends}`, { restartPolicy: 'Always' }),
    ],
    containers: [container('app', app, { ports: [{ containerPort: 8080 }] })],
    terminationGracePeriodSeconds: 9,
  };
  const manifest = path.join(folder, 'sidecars.yaml');
  await writeFile(manifest, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop' }, spec }));
  const record = await recordOf({ manifest, sidecars: ['log', 'proxy'], expectStatus: [200], preStop: 'sleep:3s' });
  expect(record).toMatchObject({ verdict: 'pass', findings: [], plan: { resolved: { missing: [] } } });
  const { sidecars, exitedAtMs } = record.termination;
  expect(sidecars).toMatchObject([
    { name: 'proxy', exitCode: 0, sigkillFired: false },
    { name: 'log', exitCode: 0, sigkillFired: false },
  ]);
  const [first, second] = sidecars;
  expect(second?.signalledAtMs).toBeGreaterThanOrEqual(exitedAtMs ?? Infinity);
  expect(first?.signalledAtMs).toBeGreaterThanOrEqual(second?.endedAtMs ?? Infinity);
});
