import { setTimeout as delay } from 'node:timers/promises';

import { pairJobs } from '../jobs.ts';
import { percentile } from '../load/percentile.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import type { Watch } from '../witness/watch.ts';
import { SILENT, type Work, withoutRequests } from './work.ts';

/** For so long the stop waits for a job to be under way; then it happens anyway. */
const WAIT_MS = 5000;
const POLL_MS = 5;
/** The engine's signal takes some tens of milliseconds: a job this young, as a part of its like, outlives them. */
const YOUNG = 0.25;
/** Jobs that take longer than this outlive them at any age. */
const SLOW_MS = 2000;

/** A worker is left to its own jobs. */
export async function letWork(plan: Plan, watch: Watch, onProgress: OnProgress, abort: AbortSignal): Promise<Work> {
  const { warmupMs } = plan.load;
  onProgress({ kind: 'stage', stage: 'warm-up', text: `letting it work for ${warmupMs / 1000} s` });
  await delay(warmupMs, undefined, { signal: abort });
  return {
    putUnderWay: (stopAbort) => (plan.jobs === null ? Promise.resolve() : untilUnderWay(watch, stopAbort)),
    tellStop: () => SILENT,
    signalled: () => {},
    cease: () => {},
    facts: () => Promise.resolve(withoutRequests(null)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function untilUnderWay({ jobs, clock }: Watch, abort: AbortSignal): Promise<void> {
  const untilUs = clock.nowUs() + WAIT_MS * 1000;
  while (clock.nowUs() < untilUs && !isYoungOneUnderWay(jobs.lines, clock.nowUs())) {
    await delay(POLL_MS, undefined, { signal: abort });
  }
}

/** Whether a job is under way that should still be when the signal comes, as the jobs so far tell. */
export function isYoungOneUnderWay(lines: Watch['jobs']['lines'], nowUs: number): boolean {
  const all = pairJobs(lines);
  const open = all.filter(({ endedAt }) => endedAt === null).map(({ startedAt }) => (nowUs - startedAt.atUs) / 1000);
  const tookMs = all.flatMap(({ startedAt, endedAt }) => (endedAt ? [(endedAt.atUs - startedAt.atUs) / 1000] : []));
  if (open.length === 0 || tookMs.length === 0) return open.length > 0;
  const medianMs = percentile(tookMs, 0.5);
  return medianMs > SLOW_MS || Math.min(...open) < medianMs * YOUNG;
}
