import { readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { baseImage } from '../../scripts/setup/base-image.mjs';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import type { Engine } from '../../src/engines/engine.ts';
import type { Ledger } from '../../src/load/ledger.ts';
import { OUTCOMES } from '../../src/load/outcomes.ts';
import { balancerFile } from '../../src/plan/balancer.ts';
import type { RolloutOptions } from '../../src/plan/options.ts';
import { resolveRolloutPlan } from '../../src/plan/rollout.ts';
import { type Rollout, rolloutOn } from '../../src/rollout.ts';
import { assessRollout } from '../../src/rollout/assess.ts';
import { answered } from '../../src/rollout/balancer-stats.ts';
import { countOf } from '../../src/rollout/failures.ts';
import type { RolloutRecord } from '../../src/rollout/record.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const buildArgs = { NODE_IMAGE: process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim' };
const docker = new Docker();
const image = 'shutdown-check-test/haproxy:2';
let folder = '';
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  engine = await connectDocker();
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Two replicas, a short warm-up, a short lag. */
async function rollOut(options: RolloutOptions, onStage: (text: string) => void = () => {}): Promise<Rollout> {
  const quick = { buildArgs, replicas: 2, warmupMs: 1000, routingLagMs: 1000, rate: 40 } as const;
  const plan = await resolveRolloutPlan({ ...quick, ...options });
  return await rolloutOn(engine, plan, {
    onProgress: (progress) => progress.kind === 'stage' && onStage(progress.text),
  });
}

/** What must hold of every roll-out, to the last request. */
function expectAgreement({ requests, agreement, observation }: RolloutRecord, ledger: Ledger): void {
  const { after, log } = observation.balancer;
  expect(agreement.filter(({ ours, balancers }) => ours !== balancers)).toEqual([]);
  expect(agreement[0]).toMatchObject({ what: 'requests', ours: ledger.length });
  expect(OUTCOMES.reduce((sum, outcome) => sum + requests[outcome], 0)).toBe(requests.sent);
  const servers = Object.values(after.servers);
  const again = servers.reduce((sum, { retries, redispatches }) => sum + retries + redispatches, 0);
  expect(servers.reduce((sum, { given }) => sum + given, 0)).toBe(after.users.requests + again);
  expect(log.odd.reduce((sum, { retries }) => sum + retries, 0)).toBe(again);
  expect(log.requests).toBe(answered(after.users));
  expect(after.users.open).toBe(0);
}

/** Those of this very process that are called so, with their arguments. */
async function childrenCalled(name: string): Promise<readonly { readonly pid: number; readonly args: string }[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  return pids.flatMap((pid) => {
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      const isOurs = Number(parent) === process.pid && path.basename(readlinkSync(`/proc/${pid}/exe`)) === name;
      return isOurs ? [{ pid, args: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }] : [];
    } catch {
      return [];
    }
  });
}

describe.runIf(process.platform === 'linux' && balancerFile('haproxy') !== null)('a roll-out', () => {
  test('with a preStop that covers the lag loses nothing, and every figure is the balancer’s too', async () => {
    const stages: string[] = [];
    const { record, ledger } = await rollOut({ target: 'sample-apps/drains', preStop: 'sleep:2s' }, (text) =>
      stages.push(text),
    );
    expect({ verdict: record.verdict, findings: record.findings }).toEqual({ verdict: 'pass', findings: [] });
    expectAgreement(record, ledger);
    expect(record.replacements).toMatchObject([1, 2].map((replica) => ({ replica, exitCode: 0, sigkillFired: false })));
    for (const { readyAtMs, t0AtMs, preStop, signalledAtMs, unroutedAtMs, exitedAtMs } of record.replacements) {
      expect(t0AtMs).toBeGreaterThanOrEqual(readyAtMs);
      expect(preStop?.end).toBe('done');
      expect(signalledAtMs).toBeGreaterThan(unroutedAtMs);
      expect(exitedAtMs).toBeGreaterThan(signalledAtMs ?? Infinity);
    }
    expect(record.replacements[1]!.startedAtMs).toBeGreaterThanOrEqual(record.replacements[0]!.endedAtMs);
    expect(stages.filter((text) => text.startsWith('replica '))).toEqual([
      'replica 1 of 2: starting the new one',
      'replica 1 of 2: stopping the old one with 30 s of grace',
      'replica 2 of 2: starting the new one',
      'replica 2 of 2: stopping the old one with 30 s of grace',
    ]);
    expect(await childrenCalled('haproxy')).toEqual([]);
  });

  test('without retries gives users what the balancer makes up, each at its replica', async () => {
    const { record, ledger } = await rollOut({ target: 'sample-apps/drains', balancerRetries: 0 });
    expect(record.verdict).toBe('fail');
    expectAgreement(record, ledger);
    const lost = countOf(record.requests.failures);
    const at = record.replacements.map(({ failures }) => countOf(failures.old));
    expect(at.every((count) => count > 0)).toBe(true);
    expect(at.reduce((sum, count) => sum + count, 0)).toBe(lost);
    expect(record.requests.failures.filter(({ by }) => by === 'app')).toEqual([]);
    expect(record.requests.sentAgain).toBe(0);
    expect(assessRollout(record.observation, ledger)).toEqual(assessmentOf(record));
  });

  test('tells what SIGKILL cuts off where nobody tells the balancer, and what was sent again after that', async () => {
    const { record, ledger } = await rollOut({
      target: 'sample-apps/drains/shell-form.Dockerfile',
      profile: 'docker',
      graceMs: 1000,
      routingLagMs: 2000,
    });
    expect(record.verdict).toBe('fail');
    expectAgreement(record, ledger);
    expect(record.replacements).toMatchObject([1, 2].map(() => ({ exitCode: 137, sigkillFired: true })));
    expect(record.findings.map(({ code }) => code)).toEqual(['LOST_IN_ROLLOUT', 'KILLED_IN_ROLLOUT', 'SENT_AGAIN']);
    const { before, sentAgain } = record.requests.latencyMs;
    expect(sentAgain.max).toBeGreaterThan(before.max ?? Infinity);
    expect(assessRollout(record.observation, ledger)).toEqual(assessmentOf(record));
  });

  test('goes through an image of HAProxy just as well, and the app never sees what it is told by', async () => {
    const dockerfile = [
      `FROM ${await baseImage('DEBIAN_IMAGE')}`,
      'RUN apt-get update && apt-get install -y --no-install-recommends haproxy && rm -rf /var/lib/apt/lists/*',
      'USER haproxy',
      'ENTRYPOINT ["/bin/false"]',
    ];
    await writeFile(path.join(folder, 'Dockerfile'), `${dockerfile.join('\n')}\n`);
    const stream = await docker.buildImage({ context: folder, src: ['Dockerfile'] }, { t: image });
    await new Promise((resolve, reject) =>
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
    );
    try {
      const command = ['node', '-e', REFUSES_ROW_HEADER];
      const { record, ledger } = await rollOut({
        target: 'sample-apps/drains',
        balancer: image,
        preStop: 'sleep:2s',
        command,
      });
      expect({ verdict: record.verdict, findings: record.findings }).toEqual({ verdict: 'pass', findings: [] });
      expect(record.plan.resolved.balancer).toEqual({ kind: 'image', reference: image });
      expectAgreement(record, ledger);
    } finally {
      await docker.getImage(image).remove({ force: true });
    }
  });

  test('of an app that ends by itself ends with its last lines', async () => {
    const command = [
      'node',
      '-e',
      "setTimeout(() => { console.log('I am off'); process.exit(3); }, 5000); require('./server.js')",
    ];
    await expect(rollOut({ target: 'sample-apps/drains', command, warmupMs: 10_000 })).rejects.toMatchObject({
      message: expect.stringMatching(/^The container exited before it was stopped: exit code 3/),
      detail: expect.arrayContaining(['stdout: I am off']),
    });
    expect(await childrenCalled('haproxy')).toEqual([]);
  });

  test('whose balancer ends in the midst ends with it', async () => {
    const kill = async (text: string): Promise<void> => {
      if (text === 'replica 1 of 2: starting the new one')
        for (const { pid } of await childrenCalled('haproxy')) process.kill(pid, 'SIGTERM');
    };
    const rolled = rollOut({ target: 'sample-apps/drains', preStop: 'sleep:9s' }, (text) => void kill(text));
    await expect(rolled).rejects.toThrow('The balancer ended in the midst of the roll-out.');
  });

  test('through what is no HAProxy says so in its words', async () => {
    const program = path.join(folder, 'no-haproxy');
    await writeFile(program, '#!/bin/sh\necho "never heard of $2" >&2\nexit 1\n', { mode: 0o755 });
    await expect(rollOut({ target: 'sample-apps/drains', balancer: program })).rejects.toMatchObject({
      message: 'The balancer does not start.',
      detail: [expect.stringMatching(/^never heard of /)],
    });
  });
});

/** Answers 500 where the header that tells rows has come through. */
const REFUSES_ROW_HEADER = `
  const server = require('node:http').createServer((request, response) => {
    response.statusCode = Object.keys(request.headers).some((name) => name.includes('row')) ? 500 : 200;
    setTimeout(() => response.end('done'), 200);
  });
  server.listen(3000);
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/** What can be told again from what a roll-out recorded. */
function assessmentOf(record: RolloutRecord): unknown {
  const { verdict, requests, replacements, agreement, findings, timeline } = record;
  return { verdict, requests, replacements, agreement, findings, timeline };
}
