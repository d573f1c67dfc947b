import { setTimeout as delay } from 'node:timers/promises';

import { type Job, startPairing } from '../jobs.ts';
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
/** So many of the last jobs tell how long one takes. */
const TELLING = 1000;

type Lines = Watch['jobs']['lines'];

/** A worker is left to its own jobs. */
export async function letWork(plan: Plan, watch: Watch, onProgress: OnProgress, abort: AbortSignal): Promise<Work> {
  const { warmupMs } = plan.load;
  onProgress({ kind: 'stage', stage: 'warm-up', text: `letting it work for ${warmupMs / 1000} s` });
  await delay(warmupMs, undefined, { signal: abort });
  return {
    putUnderWay: (stopAbort) => (plan.jobs === null ? Promise.resolve() : untilUnderWay(watch, stopAbort)),
    tellStop: () => SILENT,
    unrouted: () => {},
    beforeSignal: () => {},
    signalled: () => {},
    cease: () => {},
    facts: () => Promise.resolve(withoutRequests(null)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function untilUnderWay({ jobs, clock }: Watch, abort: AbortSignal): Promise<void> {
  const untilUs = clock.nowUs() + WAIT_MS * 1000;
  const isYoungOneUnderWay = awaitYoungOne();
  while (clock.nowUs() < untilUs && !isYoungOneUnderWay(jobs.lines, clock.nowUs())) {
    await delay(POLL_MS, undefined, { signal: abort });
  }
}

/**
 * Tells of all the lines so far whether a job is under way that should still be when the signal comes, as the last jobs
 * tell. It is asked again and again, and looks at every line only once.
 */
export function awaitYoungOne(): (lines: Lines, nowUs: number) => boolean {
  let pairing = startPairing<Lines[number]>();
  let tookMs: number[] = [];
  let seen: Lines = [];
  let next = 0;
  return (lines, nowUs) => {
    // Where old lines were forgotten, the others are told anew.
    if (lines !== seen) [pairing, tookMs, seen, next] = [startPairing(), [], lines, 0];
    for (const line of lines.slice(next)) {
      const ended = pairing.take(line);
      if (ended) tookMs.push((ended.endedAt.atUs - ended.startedAt.atUs) / 1000);
    }
    next = lines.length;
    tookMs = tookMs.slice(-TELLING);
    return isYoungOneOpen(pairing.open, tookMs, nowUs);
  };
}

function isYoungOneOpen(open: ReadonlySet<Job<Lines[number]>>, tookMs: readonly number[], nowUs: number): boolean {
  if (open.size === 0 || tookMs.length === 0) return open.size > 0;
  const medianMs = percentile(tookMs, 0.5);
  const youngestUs = [...open].reduce((latest, { startedAt }) => Math.max(latest, startedAt.atUs), -Infinity);
  return medianMs > SLOW_MS || (nowUs - youngestUs) / 1000 < medianMs * YOUNG;
}
