import type { Judged } from './load/classify.ts';
import type { LimitsPlan } from './plan/plan.ts';
import type { RequestsRecord, TerminationRecord } from './result.ts';

/** What the user has set a limit to, in time. */
export type Limited = 'drain' | 'stop' | 'latency';

/** A limit that the stop went beyond. */
export interface Over {
  readonly what: Limited;
  readonly limitMs: number;
  readonly wasMs: number;
}

/** What a stop took, as its limits count it. */
type Took = Pick<TerminationRecord, 'drainMs' | 'exitedAtMs'> & {
  readonly latencyMs: RequestsRecord['latencyMs'];
  /** Whether it failed before the stop too, so that its requests tell nothing of it. */
  readonly unhealthy: boolean;
};

/** The limits that a stop went beyond. What was not seen is within every limit. */
export function beyond(limits: LimitsPlan, { drainMs, exitedAtMs, latencyMs, unhealthy }: Took): readonly Over[] {
  const over = (what: Limited, limitMs: number | null, wasMs: number | null): readonly Over[] =>
    limitMs !== null && wasMs !== null && wasMs > limitMs ? [{ what, limitMs, wasMs }] : [];
  return [
    ...(unhealthy ? [] : over('drain', limits.drainMs, drainMs)),
    ...over('stop', limits.stopMs, exitedAtMs),
    ...(unhealthy ? [] : over('latency', limits.latencyMs, latencyMs.after.p99)),
  ];
}

/** Requests that would be held against the target, apart: those that were turned away, and may be, are allowed. */
export function apartAllowed(
  held: readonly Judged[],
  { rejected }: LimitsPlan,
): { readonly heldAgainst: readonly Judged[]; readonly allowed: readonly Judged[] } {
  const turnedAway = held.filter(({ outcome }) => outcome === 'rejected');
  if (turnedAway.length > rejected) return { heldAgainst: held, allowed: [] };
  return { heldAgainst: held.filter(({ outcome }) => outcome !== 'rejected'), allowed: turnedAway };
}
