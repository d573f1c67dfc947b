import type { RunRecord, TimelineRecord } from '../../result.ts';
import type { RolloutRecord } from '../../rollout/record.ts';
import { JOB_LABELS, MATCH, REQUEST_LABELS } from '../table/drawing.ts';
import { marksOf } from '../table/timeline.ts';
import type { BucketDrawing, Drawing, LogMark, Moment, View } from './drawing.ts';
import { lanesOf } from './lanes.ts';
import { GRID, inFlightOf, latencyOf, layersOf, tookScale } from './requests-drawing.ts';
import { rounded } from './scale.ts';
import type { Request } from './seen.ts';
import { type Stretch, viewsOf, wholeOf } from './views.ts';

const IN_FLIGHT_STEPS = 400;
/** Of the marks in time; the list beside them has every line that was kept. */
const MOST_LOG_MARKS = 1000;

/** What the page draws of a run. Pure. Without the record of each request it is drawn from the counts that are saved. */
export function runDrawing(run: RunRecord, requests: readonly Request[] | null): Drawing {
  const labels = run.jobs === null ? REQUEST_LABELS : JOB_LABELS;
  const endMs = run.termination.exitedAtMs ?? run.observation.stopReturnedAtMs;
  const drawn =
    requests === null
      ? byBuckets(run.timeline, labels)
      : byRequest(requests, viewsOf(run, { fromMs: leastSent(requests), untilMs: Math.max(endMs, lastEnd(requests)) }));
  const [whole] = drawn.views;
  const lanes = lanesOf(run, whole?.fromMs ?? 0, whole?.untilMs ?? 0);
  return { ...drawn, moments: momentsOf(run), lanes, logs: logMarks(run) };
}

/** What it draws of a roll-out, whose processes nobody looked at. */
export function rolloutDrawing(rollout: RolloutRecord, requests: readonly Request[] | null): Drawing {
  const whole = (those: readonly Request[]): Stretch =>
    wholeOf({ fromMs: leastSent(those), untilMs: Math.max(rollout.rolloutMs, lastEnd(those)) }, 'Whole roll-out');
  const drawn =
    requests === null ? byBuckets(rollout.timeline, REQUEST_LABELS) : byRequest(requests, [whole(requests)]);
  const moments = rollout.replacements.map(({ replica, t0AtMs }): Moment => ({
    atMs: rounded(t0AtMs),
    text: `replica ${replica} stopped`,
    kind: 'signal',
  }));
  return { ...drawn, moments, lanes: [], logs: [] };
}

type RequestsPart = Omit<Drawing, 'moments' | 'lanes' | 'logs'>;

function byRequest(requests: readonly Request[], stretches: readonly Stretch[]): RequestsPart {
  const took = tookScale(requests);
  const inFlight = inFlightOf(requests);
  const views = stretches.map((stretch): View => ({
    ...stretch,
    layers: layersOf(requests, took, stretch),
    inFlight: inFlight(stretch, IN_FLIGHT_STEPS),
  }));
  return { views, grid: GRID, took, buckets: null, inFlightLabel: 'in flight', latency: latencyOf(requests) };
}

type Labels = typeof REQUEST_LABELS;

function byBuckets(timeline: TimelineRecord, labels: Labels): RequestsPart {
  const untilMs = timeline.fromMs + timeline.bucketMs * timeline.completed.length;
  return {
    views: [
      {
        id: 'whole',
        label: 'The stop',
        fromMs: rounded(timeline.fromMs),
        untilMs: rounded(untilMs),
        layers: [],
        inFlight: timeline.inFlight,
      },
    ],
    grid: GRID,
    took: { kind: 'linear', fromMs: 0, untilMs: 1 },
    buckets: bucketsOf(timeline, labels),
    inFlightLabel: labels.inFlight,
    latency: null,
  };
}

function bucketsOf(timeline: TimelineRecord, labels: Labels): BucketDrawing {
  const kinds = [
    { key: 'completed', outcome: 'completed' },
    { key: 'failed', outcome: 'lost' },
    { key: 'refused', outcome: 'refused' },
  ] as const;
  const rows = kinds.map(({ key, outcome }) => ({ label: labels[key], outcome, counts: timeline[key] }));
  return {
    fromMs: timeline.fromMs,
    bucketMs: timeline.bucketMs,
    rows: rows.filter(({ label, counts }) => label !== '' && counts.some((count) => count > 0)),
  };
}

/** What happened, oldest first, with the begin of the stop where that is not the signal itself. */
export function momentsOf(run: RunRecord): readonly Moment[] {
  const { termination, plan } = run;
  const text = termination.preStop === null ? 'the stop begins' : 'preStop begins';
  const began: readonly Moment[] = plan.profile === 'kubernetes' ? [{ atMs: 0, text, kind: 'other' }] : [];
  const others = marksOf(run)
    .filter(({ letter }) => letter !== MATCH)
    .map((mark): Moment => ({ atMs: rounded(mark.atMs), text: mark.text, kind: kindOf(mark.letter) }));
  return [...began, ...others].toSorted((a, b) => a.atMs - b.atMs);
}

function kindOf(letter: string): Moment['kind'] {
  if (letter === 'K') return 'kill';
  if (letter === 'S') return 'signal';
  return letter === 'X' ? 'exit' : 'other';
}

function logMarks({ observation }: RunRecord): readonly LogMark[] {
  const marks = observation.logs.slice(-MOST_LOG_MARKS);
  return marks.map(({ atMs, stream }) => ({ atMs: rounded(atMs), isError: stream === 'stderr' }));
}

/** Without spreading: there may be a million of them. */
function leastSent(requests: readonly Request[]): number {
  return requests.reduce((least, { sentMs }) => Math.min(least, sentMs), 0);
}

function lastEnd(requests: readonly Request[]): number {
  return requests.reduce((last, { endMs }) => Math.max(last, endMs), 0);
}
