import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { canTrace, tracesOfProcess } from '../traces.ts';
import {
  app,
  type App,
  BASE,
  cleanUp,
  containersOf,
  docker,
  dockerfile,
  program,
  type Running,
  sample,
  server,
  shutdownCheck,
  start,
  temporaryFolder,
} from './support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(cleanUp);

/** So long a clean-up may take, on a busy machine too. */
const SECONDS = { timeout: 10_000, interval: 100 };

async function isClean(app: App): Promise<void> {
  await vi.waitFor(async () => expect(await containersOf(app)).toEqual([]), SECONDS);
}

function tracesOf({ child }: Running): readonly string[] {
  return tracesOfProcess(child.pid ?? 0);
}

/** Starts a run, sends the signal when standard error shows `stage`, and gives the milliseconds that the end took. */
async function interrupt(args: readonly string[], stage: RegExp, signal: NodeJS.Signals) {
  const running = start(['run', ...args]);
  await running.sees(stage);
  const from = performance.now();
  running.child.kill(signal);
  const ended = await running.ended;
  return { ...ended, tookMs: performance.now() - from, traces: tracesOf(running) };
}

const neverReady = (): Promise<App> =>
  app({ Dockerfile: dockerfile('EXPOSE 3000'), 'server.mjs': 'setInterval(() => {}, 1000);' });
const slowPath = (): Promise<App> =>
  app({
    Dockerfile: dockerfile('EXPOSE 3000'),
    'server.mjs': server("if (request.url === '/slow') await sleep(60_000); response.end('done');"),
  });

describe.concurrent('Ctrl-C', () => {
  test.each([
    [
      'while a RUN is being built',
      async () => await app({ Dockerfile: `FROM ${BASE}\nRUN echo step $((40 + 2)); sleep 55\n` }),
      ['--verbose'],
      /step 42/,
    ],
    ['while it waits for readiness', neverReady, [], /^ready:/m],
    [
      'while it finds a rate, on a path that takes a minute',
      slowPath,
      ['--path', '/slow', '--ready-path', '/'],
      /^calibrate:/m,
    ],
    ['in the warm-up', async () => await sample('drains'), ['--warmup', '55s'], /^warm-up:/m],
    ['in the grace period', async () => await sample('no-handler'), ['--warmup', '1s', '--grace', '55s'], /^stop:/m],
  ])('%s ends with 130 and takes the container away', async (_, make, args, stage) => {
    const made = await make();
    const { exitCode, stdout, stderr, tookMs, traces } = await interrupt([made.folder, ...args], stage, 'SIGINT');
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(traces).toEqual([]);
    expect(stderr).toMatch(/\nInterrupted: removing what this run made\. Again, to leave at once\.\n$/);
    expect(tookMs).toBeLessThan(10_000);
    await isClean(made);
  });

  test('during the proofs keeps what is known by then, once', async () => {
    const made = await sample('no-handler');
    const output = await temporaryFolder();
    const args = ['--warmup', '1s', '--grace', '2s', '--prove', '--output', output];
    const { exitCode, stdout, traces } = await interrupt([made.folder, ...args], /^prove:/m, 'SIGINT');
    expect(exitCode).toBe(130);
    expect(traces).toEqual([]);
    expect(stdout.match(/^FAIL/gm)).toHaveLength(1);
    expect(stdout).toContain('Not tried: --init: it was interrupted.');
    const { runs } = JSON.parse(await readFile(path.join(output, 'result.json'), 'utf8')) as Result;
    expect(runs.map(({ verdict, proofs }) => [verdict, proofs.length])).toEqual([['fail', 3]]);
    await isClean(made);
  });

  test('twice leaves at once, and the watcher takes the container and the trace away', async () => {
    const made = await sample('no-handler');
    const running = start(['run', made.folder, '--warmup', '1s', '--grace', '55s']);
    await running.sees(/^stop:/m);
    running.child.kill('SIGINT');
    await running.sees(/Interrupted/);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ exitCode: 130, stdout: '' });
    await isClean(made);
    await vi.waitFor(() => expect(tracesOf(running)).toEqual([]), SECONDS);
  });

  test('ends all scenarios that run side by side', async () => {
    const output = await temporaryFolder();
    const running = start(['scenarios', 'exec-form', 'no-handler', '--verbose', '--output', output]);
    const { pid } = running.child;
    await running.sees(/exec-form: warming up/);
    await running.sees(/no-handler: warming up/);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ exitCode: 130, stdout: '' });
    expect(tracesOf(running)).toEqual([]);
    const owned = await docker.listContainers({ all: true, filters: { label: ['shutdown-check.owner'] } });
    expect(owned.filter(({ Labels }) => Labels['shutdown-check.owner']?.includes(`/${pid}/`))).toEqual([]);
  });
});

test.concurrent('SIGTERM ends with 143 and takes the container away', async () => {
  const made = await sample('drains');
  const { exitCode, stderr, tookMs } = await interrupt([made.folder, '--warmup', '55s'], /^warm-up:/m, 'SIGTERM');
  expect(exitCode).toBe(143);
  expect(stderr).toContain('\nTerminated: removing what this run made.');
  expect(tookMs).toBeLessThan(10_000);
  await isClean(made);
});

/** A run in its warm-up, with its session's label and its watcher's process. */
async function inWarmUp(
  app: App,
): Promise<{ readonly running: Running; readonly runId: string; readonly watcher: number }> {
  const running = start(['run', app.folder, '--warmup', '55s']);
  await running.sees(/^warm-up:/m);
  const [container] = await containersOf(app);
  const runId = container?.Labels['shutdown-check.run'] ?? '';
  expect(runId).not.toBe('');
  const [watcher = 0] = await watchersOf(runId);
  expect(watcher).toBeGreaterThan(1);
  return { running, runId, watcher };
}

async function watchersOf(runId: string): Promise<readonly number[]> {
  const { stdout } = await program('ps', ['-A', '-ww', '-o', 'pid=,stat=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(runId) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

describe.skipIf(process.platform === 'win32').concurrent('after `kill -9`', () => {
  test('of the program while a RUN is being built, the watcher ends the build', async () => {
    const made = await app({ Dockerfile: `FROM ${BASE}\nRUN echo step $((40 + 3)); sleep 50\n` });
    const running = start(['run', made.folder, '--verbose']);
    await running.sees(/step 43/);
    expect(await containersOf(made)).not.toEqual([]);
    running.child.kill('SIGKILL');
    await isClean(made);
  });

  test('of the program its watcher takes the container and the trace away within seconds, and ends', async () => {
    const made = await sample('drains');
    const { running, runId } = await inWarmUp(made);
    expect(tracesOf(running)).toHaveLength(canTrace() ? 1 : 0);
    running.child.kill('SIGKILL');
    await running.ended;
    await isClean(made);
    await vi.waitFor(() => expect(tracesOf(running)).toEqual([]), SECONDS);
    await vi.waitFor(async () => expect(await watchersOf(runId)).toEqual([]), { ...SECONDS, timeout: 20_000 });
  });

  test('of the program and its watcher the next start takes the container away, and the next run the trace', async () => {
    const made = await sample('drains');
    const { running, watcher } = await inWarmUp(made);
    process.kill(watcher, 'SIGKILL');
    running.child.kill('SIGKILL');
    await running.ended;
    // Any start does; this one ends early. It is not looked before: other runs on this engine start too.
    const next = await shutdownCheck(['run', 'shutdown-check/nosuch:1', '--pull', 'never']);
    expect(next.exitCode).toBe(2);
    await isClean(made);
    const nextRun = await shutdownCheck(['run', made.folder, '--warmup', '1s', '--quiet']);
    expect(nextRun.exitCode).toBe(0);
    expect(tracesOf(running)).toEqual([]);
  });

  test('of nothing: a run that ends by itself leaves no watcher', async () => {
    const made = await sample('drains');
    const running = start(['run', made.folder, '--warmup', '2s', '--quiet']);
    const runId = await vi.waitFor(async () => {
      const [container] = await containersOf(made);
      expect(container?.Labels['shutdown-check.run']).toBeDefined();
      return container?.Labels['shutdown-check.run'] ?? '';
    }, SECONDS);
    expect(await running.ended).toMatchObject({ exitCode: 0, stderr: '' });
    await vi.waitFor(async () => expect(await watchersOf(runId)).toEqual([]), SECONDS);
  });
});

test.concurrent('a `docker kill` in the grace period is somebody else’s, not the engine’s SIGKILL', async () => {
  const made = await sample('drains');
  const running = start([
    ...['run', path.join(made.folder, 'shell-form.Dockerfile'), '--warmup', '1s', '--grace', '55s', '--json', '-'],
  ]);
  await running.sees(/^stop:/m);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const [container] = await containersOf(made);
  await docker.getContainer(container?.Id ?? '').kill();
  const { exitCode, stdout, stderr } = await running.ended;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('SIGKILL at');
  const [run] = (JSON.parse(stdout) as Result).runs;
  expect(run).toMatchObject({
    verdict: 'fail',
    termination: {
      sigkillFired: false,
      exitCode: 137,
      oomKilled: false,
      signals: [
        { signal: 'SIGTERM', sender: 'engine' },
        { signal: 'SIGKILL', sender: 'other' },
      ],
    },
  });
  const finding = run?.findings.find(({ code }) => code === 'UNEXPECTED_EXIT_CODE');
  expect(finding?.message).toMatch(/Exit code 137; accepted are 0, 143\. Somebody else sent SIGKILL/);
  expect(run?.findings.map(({ code }) => code)).not.toContain('SHELL_IS_PID1');
});
