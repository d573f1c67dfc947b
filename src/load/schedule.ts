import type { LoadPlan, RequestPlan } from '../plan/plan.ts';

/** The load starts at this part of its rate and rises evenly to all of it over the ramp. */
const RAMP_FROM = 0.2;

/**
 * The open-loop schedule: when the n-th request is due, in microseconds from the start, evenly spaced after the ramp.
 * Pure: a late timer changes nothing of it, so what is late is caught up and seen as late.
 */
export function dueUs(n: number, ratePerSecond: number, rampMs: number): number {
  const rampS = rampMs / 1000;
  const inRamp = rampCount(ratePerSecond, rampS);
  if (n >= inRamp) return (rampS + (n - inRamp) / ratePerSecond) * 1e6;
  // Solve rate * (from * t + (1 - from) * t² / (2 * ramp)) = n for t.
  const a = (ratePerSecond * (1 - RAMP_FROM)) / (2 * rampS);
  const b = ratePerSecond * RAMP_FROM;
  return ((Math.sqrt(b * b + 4 * a * n) - b) / (2 * a)) * 1e6;
}

/** How many requests the ramp holds. */
function rampCount(ratePerSecond: number, rampS: number): number {
  return ratePerSecond * rampS * (RAMP_FROM + (1 - RAMP_FROM) / 2);
}

/** Picks kinds of requests so that each gets its share, spread as evenly as whole requests allow. */
export function createMix(requests: readonly RequestPlan[]): () => number {
  const shares = requests.map((request) => request.share ?? 0);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const credit = shares.map(() => 0);
  return () => {
    let best = 0;
    for (let kind = 0; kind < shares.length; kind++) {
      credit[kind] = (credit[kind] ?? 0) + (shares[kind] ?? 0);
      if ((credit[kind] ?? 0) > (credit[best] ?? 0)) best = kind;
    }
    credit[best] = (credit[best] ?? 0) - total;
    return best;
  };
}

/**
 * Tells of each request whether it goes on a pooled connection. Kinds take turns on their own, so that a mix does not
 * tie one kind to one sort of connection.
 */
export function createTurns({ requests, connections }: LoadPlan): (kind: number) => boolean {
  const sent = requests.map(() => 0);
  return (kind) => {
    const nth = sent[kind] ?? 0;
    sent[kind] = nth + 1;
    return connections === 'both' ? nth % 2 === 1 : connections === 'pooled';
  };
}

/** A request of a kind with a period of its own, and when it was due. */
interface Due {
  readonly kind: number;
  readonly atUs: number;
}

/** Kinds that are sent once a period, beside the schedule: at most one of each at a time, so that a pause is no burst. */
export function createPeriods(requests: readonly RequestPlan[]): {
  start(atUs: number): void;
  due(nowUs: number): readonly Due[];
} {
  const sent = requests.map(() => 0);
  let startUs = 0;
  return {
    start(atUs) {
      startUs = atUs;
      sent.fill(0);
    },
    due: (nowUs) =>
      requests.flatMap(({ everyMs }, kind) => {
        const nth = sent[kind] ?? 0;
        const atUs = startUs + nth * (everyMs ?? 0) * 1000;
        if (everyMs === null || atUs > nowUs) return [];
        sent[kind] = nth + 1;
        return [{ kind, atUs }];
      }),
  };
}
