import { describe, expect, test, vi } from 'vitest';

import { killedByTeardown, stopSignalsTo, tookSignal } from '../../src/kernel-record.ts';
import { tellStory } from '../../src/diagnosis/story.ts';
import { run, type RunOptions, type RunRecord } from '../../src/index.ts';
import { canTrace, tracesOfProcess } from '../traces.ts';

vi.setConfig({ testTimeout: 60_000 });

const buildArgs = { NODE_IMAGE: process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim' };
const QUICK = { buildArgs, warmupMs: 1000, graceMs: 2000 } as const;

async function recordOf(options: RunOptions): Promise<RunRecord> {
  const { result } = await run({ ...QUICK, ...options });
  expect(tracesOfProcess(process.pid)).toEqual([]);
  return result.runs[0]!;
}

/** What the kernel says; where it cannot be asked on this machine, the record says why, and that is all there is to it. */
function witnessed({ observation }: RunRecord): boolean {
  const { kernel } = observation;
  if (canTrace()) expect(kernel).toMatchObject({ kind: 'traced', lost: 0 });
  else
    expect(kernel).toMatchObject({ kind: 'untraced', because: expect.stringMatching(/root|tracefs|kernel|numbers/) });
  return kernel.kind === 'traced';
}

/** PID 1, and the app as the engine saw them before the stop. */
function pidsOf({ processes }: RunRecord): { readonly pid1: number; readonly app: number } {
  const app = processes.find(({ command }) => command.startsWith('node '));
  return { pid1: processes.find(({ isPid1 }) => isPid1)?.pid ?? 0, app: app?.pid ?? 0 };
}

describe('the kernel as witness of', () => {
  test('a shell as PID 1: it ignores the signal, and the app goes with it', async () => {
    const record = await recordOf({ target: 'sample-apps/drains/shell-form.Dockerfile' });
    if (!witnessed(record)) return;
    const { observation } = record;
    const { pid1, app } = pidsOf(record);
    expect(tookSignal(observation, pid1)).toBe('ignored');
    expect(stopSignalsTo(observation, app)).toEqual([]);
    expect(killedByTeardown(observation, app)).toBe(true);
    const story = tellStory(observation, 0).map(({ text }) => text);
    expect(story[0]).toMatch(/^\S+ sent SIGTERM to sh \(PID 1\): ignored, for PID 1 has no handler for it\.$/);
    expect(story.at(-1)).toBe('The kernel then killed node, since PID 1 had ended.');
  });

  test('an app that drains: its handler takes the signal, before the engine says that it was sent', async () => {
    const record = await recordOf({ target: 'sample-apps/drains' });
    if (!witnessed(record)) return;
    const { observation } = record;
    const { pid1 } = pidsOf(record);
    expect(tookSignal(observation, pid1)).toBe('handler');
    expect(killedByTeardown(observation, pid1)).toBe(false);
    const [sent] = stopSignalsTo(observation, pid1) ?? [];
    const told = observation.events.find(({ action }) => action === 'kill');
    expect(sent?.atMs).toBeGreaterThan(0);
    expect(sent?.atMs).toBeLessThanOrEqual(told?.atMs ?? 0);
    expect(tellStory(observation, 0).map(({ text }) => text)).toContainEqual('node (PID 1) ended.');
  });

  test('an init before a shell: the shell dies, the init ends, and the kernel kills the app', async () => {
    const record = await recordOf({ target: 'sample-apps/drains/tini-shell.Dockerfile' });
    if (!witnessed(record)) return;
    const { observation } = record;
    const { pid1, app } = pidsOf(record);
    const shell = record.processes.find(({ ppid }) => ppid === pid1)?.pid ?? 0;
    expect([pid1, shell, app].map((pid) => tookSignal(observation, pid))).toEqual(['blocked', 'default', 'never']);
    expect(killedByTeardown(observation, app)).toBe(true);
  });
});

test('eight runs side by side are each told of their own container alone', async () => {
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => run({ ...QUICK, target: 'sample-apps/drains', rate: 20 })),
  );
  expect(tracesOfProcess(process.pid)).toEqual([]);
  const records = runs.map(({ result }) => result.runs[0]!);
  if (!records.map(witnessed).every(Boolean)) return;
  for (const record of records) {
    expect(tookSignal(record.observation, pidsOf(record).pid1)).toBe('handler');
    expect(record.observation.kernel).toMatchObject({ pid1: pidsOf(record).pid1 });
  }
});

test('off is untraced', async () => {
  const { observation } = await recordOf({ target: 'sample-apps/drains', kernelTrace: 'off' });
  expect(observation.kernel).toEqual({ kind: 'untraced', because: 'it is off' });
});

test('a run that is aborted leaves no trace', async () => {
  const abort = new AbortController();
  let traces: readonly string[] = [];
  const aborted = run(
    { ...QUICK, target: 'sample-apps/drains' },
    {
      signal: abort.signal,
      onProgress(progress) {
        if (progress.kind !== 'stage' || progress.stage !== 'warm-up') return;
        traces = tracesOfProcess(process.pid);
        abort.abort(new Error('enough'));
      },
    },
  );
  await expect(aborted).rejects.toThrow('enough');
  expect(traces).toHaveLength(canTrace() ? 1 : 0);
  expect(tracesOfProcess(process.pid)).toEqual([]);
});
