/*
 * What a run costs beside what it was asked for: `shutdown-check run` of a ready image against the same by hand, which
 * is `docker run` until the app answers, the warm-up, `docker stop` with a request in flight, and `docker rm`. At most
 * 1.5 s more, as the median of alternating repetitions. And `--help` is there within four times `node -e 0`.
 *
 * Usage, after `npm run build`: node scripts/verify-cost.ts [repetitions, default 5]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import Table from 'cli-table3';

import { percentile } from '../src/load/percentile.ts';
import { runByHand } from './cost/by-hand.ts';
import { finish } from './cost/finish.ts';
import { buildImage } from './drains/images.ts';

const REPETITIONS = Number(process.argv[2] ?? 5);
const HELP_REPETITIONS = 2 * REPETITIONS;
const MAX_MORE_MS = 1500;
const MAX_HELP_RATIO = 4;
const WARM_UP_MS = 2000;
const PROGRAM = path.join(import.meta.dirname, '..', 'dist', 'cli.js');

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort(new Error(signal)));

const table = new Table({
  head: ['what', 'ours, ms', 'bare, ms', 'difference, ms', 'ratio', 'limit', 'kept'],
  style: { head: [], border: [] },
});
const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-cost-'));
try {
  process.exitCode = (await measure()) ? 0 : 1;
  console.log(`${table.toString()}\n${process.exitCode === 0 ? 'As it should be.' : 'NOT as it should be.'}`);
} catch (error) {
  if (!abort.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Measures everything, a row of the table each, and says whether all limits are kept. */
async function measure(): Promise<boolean> {
  const kept = [await measureHelp()];
  await using image = await buildImage('node', abort.signal);
  if (image === null) throw new Error('the app needs nothing but Node');
  for (const workMs of [5, 200]) {
    for (const rate of ['50', 'auto']) kept.push(await measureRun(image.tag, workMs, rate));
  }
  return !kept.includes(false);
}

async function measureHelp(): Promise<boolean> {
  const { ours, bare } = await alternate(
    HELP_REPETITIONS,
    () => node([PROGRAM, '--help']),
    () => node(['-e', '0']),
  );
  return tell('--help', ours, bare, `${MAX_HELP_RATIO} times`, ours <= bare * MAX_HELP_RATIO);
}

async function measureRun(image: string, workMs: number, rate: string): Promise<boolean> {
  const { ours, bare } = await alternate(
    REPETITIONS,
    () => runIt(image, workMs, rate),
    () => runByHand({ image, env: `WORK_MS=${workMs}`, warmupMs: WARM_UP_MS }, abort.signal),
  );
  const what = `run, an answer takes ${workMs} ms, --rate ${rate}`;
  return tell(what, ours, bare, `${MAX_MORE_MS} ms more`, ours - bare <= MAX_MORE_MS);
}

function tell(what: string, ours: number, bare: number, limit: string, isKept: boolean): boolean {
  const [oursMs, bareMs, moreMs] = [ours, bare, ours - bare].map((ms) => ms.toFixed(0));
  table.push([what, oursMs, bareMs, moreMs, (ours / bare).toFixed(2), limit, isKept ? 'yes' : 'NO']);
  return isKept;
}

/** Medians of both in milliseconds. In turns, so that what else the machine does comes over both alike. */
async function alternate(times: number, ours: () => Promise<void>, bare: () => Promise<void>) {
  const tookMs: { readonly ours: number[]; readonly bare: number[] } = { ours: [], bare: [] };
  for (let n = 0; n < times; n++) {
    tookMs.ours.push(await timed(ours));
    tookMs.bare.push(await timed(bare));
  }
  return { ours: percentile(tookMs.ours, 0.5), bare: percentile(tookMs.bare, 0.5) };
}

async function timed(task: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await task();
  return performance.now() - startMs;
}

/** Whatever the verdict: here only the time counts. */
async function runIt(image: string, workMs: number, rate: string): Promise<void> {
  const target = [image, '--image', '--pull', 'never', '--env', `WORK_MS=${workMs}`];
  const load = ['--rate', rate, '--warmup', `${WARM_UP_MS}ms`];
  await node([PROGRAM, 'run', ...target, ...load, '--output', folder], [0, 1, 3]);
}

async function node(args: readonly string[], ends: readonly number[] = [0]): Promise<void> {
  const exitCode = await finish(process.execPath, args, abort.signal);
  if (!ends.some((code) => code === exitCode)) {
    throw new Error(`\`node ${args.join(' ')}\` ended with exit code ${exitCode}.`);
  }
}
