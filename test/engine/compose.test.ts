import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { CannotRunError, type Checked, run, type RunOptions } from '../../src/index.ts';

vi.setConfig({ testTimeout: 120_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const docker = new Docker();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Answers with what the service `db` says, after a while, and drains. */
const API = `
  const server = require('http').createServer(async (_, response) => {
    response.setHeader('Connection', 'close');
    const answer = await fetch('http://db:4000/').then((one) => one.text(), () => null);
    response.statusCode = answer === 'row' ? 200 : 502;
    setTimeout(() => response.end(), 100);
  });
  server.listen(3000);
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
const DB = `require('http').createServer((_, response) => response.end('row')).listen(4000)`;
const ASKS = (url: string): string => `fetch('${url}').then(() => process.exit(0), () => process.exit(1))`;
/** Ends so long after the signal. */
const ENDS_AFTER = (ms: number): string =>
  `process.on('SIGTERM', () => setTimeout(() => process.exit(0), ${ms})); setInterval(() => {}, 1000)`;
const IGNORES = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;

type Service = Readonly<Record<string, unknown>>;

function node(script: string, more: Service = {}): Service {
  return { image: BASE, command: ['node', '-e', script.replaceAll('$', '$$$$')], ...more };
}

const api = (more: Service = {}): Service => node(API, { expose: [3000], stop_grace_period: '3s', ...more });

/** A compose file is YAML, and JSON is too. */
async function check(services: Readonly<Record<string, Service>>, options: RunOptions = {}): Promise<Checked> {
  const file = path.join(folder, 'compose.yaml');
  await writeFile(file, JSON.stringify({ services }));
  return await run({ target: file, warmupMs: 1500, connections: 'fresh', ...options });
}

async function failureOf(checked: Promise<Checked>): Promise<CannotRunError> {
  const error = await checked.then(
    () => expect.unreachable('should not have run'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CannotRunError);
  return error as CannotRunError;
}

async function networksOfOurs(): Promise<readonly string[]> {
  const networks = await docker.listNetworks({ filters: { label: ['shutdown-check.owner'] } });
  const ours = networks.filter(({ Labels }) => Labels?.['shutdown-check.owner']?.includes(`/${process.pid}/`));
  return ours.map(({ Name }) => Name);
}

describe('a service that depends on others', () => {
  test('finds them under their names, up before it, and nothing is left of them', async () => {
    const { result } = await check(
      {
        api: api({
          depends_on: {
            db: { condition: 'service_healthy' },
            migrate: { condition: 'service_completed_successfully' },
          },
        }),
        db: node(DB, {
          healthcheck: { test: ['CMD', 'node', '-e', ASKS('http://localhost:4000')], interval: '1s', retries: 20 },
        }),
        migrate: node(ASKS('http://db:4000/migrate'), { depends_on: ['db'] }),
      },
      { service: 'api' },
    );
    const [record] = result.runs;
    expect({ verdict: result.verdict, findings: record?.findings }).toEqual({ verdict: 'pass', findings: [] });
    expect(record?.requests.completed).toBeGreaterThan(0);
    expect(record?.plan.resolved).toMatchObject({
      service: 'api',
      graceMs: 3000,
      companions: [{ name: 'db' }, { name: 'migrate' }],
    });
    expect(await networksOfOurs()).toEqual([]);
  });

  test('is not started where one of them exits, which is named with its last words', async () => {
    const failure = await failureOf(
      check(
        {
          api: api({ depends_on: { db: { condition: 'service_healthy' } } }),
          db: node(`console.error('no space left'); process.exit(3)`, { healthcheck: { test: 'true' } }),
        },
        { service: 'api' },
      ),
    );
    expect(failure.message).toBe('db exited before it was healthy: exit code 3.');
    expect(failure.detail).toContain('stderr: no space left');
    expect(await networksOfOurs()).toEqual([]);
  });

  test.each([
    [
      'never is healthy',
      node(DB, { healthcheck: { test: ['CMD', 'node', '-e', 'process.exit(1)'], interval: '1s' } }),
      /^db was not healthy within 4s: its health check says/,
    ],
    ['has no health check', node(DB), /^db has to be healthy first, and it has no health check\.$/],
    ['does not start', { image: BASE, command: ['nosuch'] }, /^db: The container of .* does not start: .*nosuch/],
    ['has an image that is not there', { image: 'shutdown-check/nosuch:1', pull_policy: 'never' }, /^db: /],
  ])('is not started where one of them %s', async (_, db, message) => {
    const services = { api: api({ depends_on: { db: { condition: 'service_healthy' } } }), db };
    expect((await failureOf(check(services, { service: 'api', readyTimeoutMs: 4000 }))).message).toMatch(message);
  });

  test('and cannot get ready is told of one that has exited meanwhile', async () => {
    const failure = await failureOf(
      check(
        {
          api: api({ depends_on: ['db'] }),
          db: node(`setTimeout(() => { console.log('out of memory'); process.exit(1); }, 300)`),
        },
        { service: 'api', readyTimeoutMs: 3000 },
      ),
    );
    expect(failure.message).toContain('The container was not ready');
    expect(failure.detail.join('\n')).toContain(
      'db, which runs beside it, had exited by then: exit code 1. Its last log lines:\nstdout: out of memory',
    );
  });
});

describe('a folder of the user’s', () => {
  const data = (): string => path.join(folder, 'data');
  const services = (mode = ''): Readonly<Record<string, Service>> => ({
    api: api({ depends_on: ['db'] }),
    db: node(
      `${DB}; process.on('SIGTERM', () => { require('fs').writeFileSync('/data/end', 'written'); process.exit(0); })`,
      { volumes: [`./data:/data${mode}`], user: `${process.getuid?.() ?? 0}` },
    ),
  });

  test('that a service writes in is let go of by it before it is removed', async () => {
    await mkdir(data(), { recursive: true });
    expect((await check(services(), { service: 'api' })).result.verdict).toBe('pass');
    expect(await readFile(path.join(data(), 'end'), 'utf8')).toBe('written');
  });

  test('is not written in by two at once', async () => {
    const other = await docker.createContainer({
      Image: BASE,
      Cmd: ['sleep', '300'],
      HostConfig: { Binds: [`${data()}/inner:/inner`] },
    });
    try {
      await other.start();
      const failure = await failureOf(check(services(), { service: 'api' }));
      expect(failure.message).toContain(
        `runs and writes in ${data()}, which a service of this file has to write in too`,
      );
      expect((await check(services(':ro'), { service: 'api' })).result.verdict).toBe('pass');
    } finally {
      await other.remove({ force: true });
    }
  });
});

describe('sidecars', () => {
  const services = {
    app: node(API.replaceAll('http://db:4000/', 'http://localhost:4000/'), {
      network_mode: 'service:db',
      expose: [3000],
    }),
    db: node(DB),
  };

  test('are stopped after the target, the last one first, and each after the one before it has ended', async () => {
    const { result } = await check(
      { api: api({ stop_grace_period: '8s' }), db: node(DB), one: node(ENDS_AFTER(300)), two: node(ENDS_AFTER(500)) },
      { service: 'api', sidecars: ['db', 'one', 'two'] },
    );
    const { exitedAtMs, sidecars } = result.runs[0]?.termination ?? { exitedAtMs: null, sidecars: [] };
    expect(sidecars.map(({ name, exitCode, sigkillFired }) => [name, exitCode, sigkillFired])).toEqual([
      ['db', 137, true],
      ['one', 0, false],
      ['two', 0, false],
    ]);
    const [db, one, two] = sidecars;
    expect(two?.signalledAtMs).toBeGreaterThanOrEqual(exitedAtMs ?? Infinity);
    expect(one?.signalledAtMs).toBeGreaterThanOrEqual(two?.endedAtMs ?? Infinity);
    expect(db?.signalledAtMs).toBeGreaterThanOrEqual(one?.endedAtMs ?? Infinity);
  });

  test('that do not end by themselves have what is left of the grace period, and then get SIGKILL', async () => {
    const { result } = await check(
      { api: api({ depends_on: ['db'] }), db: node(DB), log: node(IGNORES) },
      { service: 'api', sidecars: ['log'] },
    );
    const [record] = result.runs;
    expect(result.verdict).toBe('pass');
    expect(record?.findings).toMatchObject([{ code: 'SIDECAR_KILLED', severity: 'warning' }]);
    const [log] = record?.termination.sidecars ?? [];
    expect(log).toMatchObject({ name: 'log', signal: 'SIGTERM', exitCode: 137, sigkillFired: true });
    expect(log?.endedAtMs).toBeGreaterThanOrEqual(3000);
  });

  test('get their signal with two seconds to go where the target has used up the grace period', async () => {
    const { result } = await check(
      { api: node(API.replace('server.close', ''), { expose: [3000] }), db: node(DB), log: node(IGNORES) },
      { service: 'api', sidecars: ['db', 'log'], graceMs: 2000, profile: 'kubernetes', routingLagMs: 0 },
    );
    const { sidecars } = result.runs[0]?.termination ?? { sidecars: [] };
    expect(sidecars.map(({ sigkillFired }) => sigkillFired)).toEqual([true, true]);
    for (const { signalledAtMs, endedAtMs } of sidecars) {
      expect(signalledAtMs).toBeGreaterThanOrEqual(2000);
      expect((endedAtMs ?? 0) - (signalledAtMs ?? 0)).toBeGreaterThanOrEqual(2000);
    }
  });

  test('may have the network that the target shares', async () => {
    const { result } = await check(services, { service: 'app', sidecars: ['db'] });
    expect(result.verdict).toBe('pass');
    expect(result.runs[0]?.target.via).toBe('container');
  });
});

test('all services that take requests are checked, and of the others it is said why they are not', async () => {
  const { result, notChecked, ledgers } = await check(
    {
      api: api({ depends_on: ['db'] }),
      db: node(DB),
      sql: node(DB, { ports: ['5432'] }),
      broken: node('process.exit(3)', { expose: [3000] }),
      other: api({ depends_on: ['db'] }),
      later: api({ profiles: ['later'] }),
    },
    { all: true },
  );
  expect(result.runs.map(({ plan, verdict }) => [plan.resolved.service, verdict])).toEqual([
    ['api', 'pass'],
    ['other', 'pass'],
  ]);
  expect(ledgers).toHaveLength(2);
  expect(notChecked.map(({ service, because }) => `${service} ${because}`)).toEqual([
    'db names no port (`ports` or `expose`), as a worker',
    "sql listens on 5432, which is PostgreSQL's and no HTTP",
    'broken The container exited before it was stopped: exit code 3.',
    'later is there only with its profile',
  ]);
});
