import type { Judged } from './load/classify.ts';
import { isAnswered, noOutcomes, type OutcomeCounts } from './load/outcomes.ts';
import { percentile } from './load/percentile.ts';
import { NEVER } from './load/ledger.ts';
import type { Observation } from './observation.ts';
import type { LatencyRecord, RequestsRecord, TimelineRecord } from './result.ts';

/** Starts and ends are seen when the event loop gets to them, about so late. */
const RESOLUTION_US = 2000;
const TIMELINE_BUCKETS = 60;
/** So much of the time before T0 is drawn, as a part of the time after it. */
const DRAWN_BEFORE = 0.25;

/** Counts the judged requests for the saved result. */
export function countRequests(
  judged: readonly Judged[],
  observation: Observation,
): Omit<RequestsRecord, 'heldAgainst'> {
  const lost = judged.filter(({ outcome }) => outcome === 'lost');
  const phase = (name: Judged['phase']): readonly Judged[] => judged.filter((one) => one.phase === name);
  const since = judged.filter((one) => one.phase !== 'before');
  return {
    sent: judged.length,
    ...count(judged),
    lostRead: lost.filter(({ read }) => read === 'read').length,
    lostUnread: lost.filter(({ read }) => read === 'unread').length,
    lostUnknown: lost.filter(({ read }) => read === 'unknown').length,
    inFlightAtSignal: leastInFlight(judged, observation),
    byPhase: {
      before: count(phase('before')),
      preStop: count(phase('preStop')),
      inFlight: count(phase('inFlight')),
      after: count(phase('after')),
    },
    byConnection: {
      fresh: count(judged.filter((one) => !one.pooled)),
      pooled: count(judged.filter((one) => one.pooled)),
    },
    latencyMs: { before: latency(phase('before'), SCHEDULED), after: latency(since, SCHEDULED) },
    latencyFromSentMs: { before: latency(phase('before'), SENT), after: latency(since, SENT) },
  };
}

/** Never more than those that may have been in flight; where there is none of them, what it fell upon was a gap of the harness's own. */
function leastInFlight(judged: readonly Judged[], observation: Observation): number {
  const most = judged.filter(({ phase }) => phase === 'inFlight').length;
  const least = leastUnderWay(judged, observation);
  return most === 0 ? least : Math.min(least, most);
}

/** How many ended in each way. */
export function count(judged: readonly Pick<Judged, 'outcome'>[]): OutcomeCounts {
  const counts = noOutcomes();
  for (const { outcome } of judged) counts[outcome]++;
  return counts;
}

/** What a latency counts from: the schedule, so that a stall cannot hide behind a late client, or the writing. */
type Since = (one: Judged) => number;
const SCHEDULED: Since = ({ scheduledUs }) => scheduledUs;
const SENT: Since = ({ sentUs }) => sentUs;

/** Over whole answers only. */
function latency(judged: readonly Judged[], since: Since): LatencyRecord {
  const answered = judged.filter(({ outcome }) => isAnswered(outcome));
  return latencyOf(answered.map((one) => (one.endUs - since(one)) / 1000));
}

/** Of how long answers took, milliseconds. */
export function latencyOf(tookMs: readonly number[]): LatencyRecord {
  if (tookMs.length === 0) return { p50: null, p99: null, max: null };
  return { p50: percentile(tookMs, 0.5), p99: percentile(tookMs, 0.99), max: percentile(tookMs, 1) };
}

/** A request or a job as a stretch of the ledger's clock, microseconds. */
export type Span = Pick<Judged, 'sentUs' | 'endUs'>;

/**
 * The least number of requests, or of jobs, under way in the signal's interval, of those numbers that lasted: between an
 * answer and the next request the harness's own event loop leaves gaps, which are its own and not the target's.
 */
export function leastUnderWay(spans: readonly Span[], observation: Observation): number {
  const levels = levelsAtSignal(spans, observation);
  const wholeUs = levels.reduce((sum, { us }) => sum + us, 0);
  const lastsUs = Math.min(RESOLUTION_US, wholeUs / 2);
  const counts = [...new Set(levels.map(({ inFlight }) => inFlight))].sort((a, b) => a - b);
  return counts.find((count) => longestAtMost(levels, count) >= lastsUs) ?? 0;
}

/** So many requests were in flight for so long. */
interface Level {
  readonly inFlight: number;
  readonly us: number;
}

/** How many were in flight over the signal's interval, piece by piece. */
function levelsAtSignal(spans: readonly Span[], { t0Us, signalFromMs, signalByMs }: Observation): readonly Level[] {
  // Where its start is known, that is better than what the harness can tell of its own requests.
  const fromUs = t0Us + Math.max(0, signalFromMs * 1000 - RESOLUTION_US);
  // An interval that was narrowed to nothing still has its one moment.
  const untilUs = Math.max(fromUs + 1, t0Us + signalByMs * 1000);
  const steps = spans
    .filter(({ sentUs, endUs }) => sentUs < untilUs && endUs > fromUs)
    .flatMap(({ sentUs, endUs }) => [
      { atUs: Math.max(sentUs, fromUs), by: 1 },
      { atUs: Math.min(endUs, untilUs), by: -1 },
    ])
    .sort((a, b) => a.atUs - b.atUs);
  const levels: Level[] = [];
  let inFlight = 0;
  let sinceUs = fromUs;
  for (const { atUs, by } of [...steps, { atUs: untilUs, by: 0 }]) {
    if (atUs > sinceUs) levels.push({ inFlight, us: atUs - sinceUs });
    sinceUs = atUs;
    inFlight += by;
  }
  return levels;
}

/** The longest time in one piece with no more than so many in flight, microseconds. */
function longestAtMost(levels: readonly Level[], count: number): number {
  let longest = 0;
  let now = 0;
  for (const { inFlight, us } of levels) {
    now = inFlight <= count ? now + us : 0;
    longest = Math.max(longest, now);
  }
  return longest;
}

/** From the end of the signal's interval to the end of the last request that was in flight in it; null where none was. */
export function drainMs(judged: readonly Judged[], { t0Us, signalByMs }: Observation): number | null {
  const ends = judged.filter(({ phase }) => phase === 'inFlight').map(({ endUs }) => (endUs - t0Us) / 1000);
  if (ends.length === 0) return null;
  return Math.max(0, Math.max(...ends) - signalByMs);
}

/** What the timeline draws of a request or a job. */
export type Drawn = Span & Pick<Judged, 'outcome'>;

/** Requests, or jobs, over time, from a little before T0 to the end, by the time they ended. */
export function drawTimeline(
  drawn: readonly Drawn[],
  observation: Pick<Observation, 't0Us'>,
  untilMs: number,
  earliestMs = -Infinity,
): TimelineRecord {
  const fromMs = Math.max(earliestMs, -Math.max(200, untilMs * DRAWN_BEFORE));
  const bucketMs = (untilMs - fromMs) / TIMELINE_BUCKETS;
  const empty = (): number[] => new Array<number>(TIMELINE_BUCKETS).fill(0);
  const rows = { completed: empty(), failed: empty(), refused: empty(), inFlight: empty() };
  const bucketOf = (us: number): number => Math.floor(((us - observation.t0Us) / 1000 - fromMs) / bucketMs);
  const add = (row: number[], bucket: number): void => {
    const clamped = Math.min(bucket, TIMELINE_BUCKETS - 1);
    if (clamped >= 0) row[clamped] = (row[clamped] ?? 0) + 1;
  };
  for (const one of drawn) {
    const row = one.outcome === 'completed' || one.outcome === 'refused' ? rows[one.outcome] : rows.failed;
    add(row, bucketOf(one.endUs));
    if (one.sentUs === NEVER) continue;
    const last = Math.min(bucketOf(one.endUs), TIMELINE_BUCKETS - 1);
    for (let bucket = Math.max(0, bucketOf(one.sentUs) + 1); bucket <= last; bucket++) add(rows.inFlight, bucket);
  }
  return { fromMs, bucketMs, ...rows };
}
