import type { Outcome } from '../load/outcomes.ts';
import type { UserRequest } from './judge.ts';

/** Requests of users that failed in the same way. */
export interface Failure {
  readonly outcome: Exclude<Outcome, 'completed'>;
  /** null where no answer began. */
  readonly status: number | null;
  /** Who answered it so; null where nobody did. */
  readonly by: 'app' | 'balancer' | null;
  readonly count: number;
}

/** The ways in which requests failed, the most frequent first. */
export function failuresOf(requests: readonly UserRequest[]): readonly Failure[] {
  const kinds = new Map<string, Failure>();
  for (const request of requests) {
    const kind = kindOf(request);
    if (kind === null) continue;
    const key = JSON.stringify(kind);
    kinds.set(key, { ...kind, count: (kinds.get(key)?.count ?? 0) + 1 });
  }
  return [...kinds.values()].toSorted((a, b) => b.count - a.count);
}

function kindOf({ outcome, status, isBalancers }: UserRequest): Omit<Failure, 'count'> | null {
  if (outcome === 'completed') return null;
  if (outcome !== 'badStatus' && outcome !== 'rejected') return { outcome, status: null, by: null };
  return { outcome, status, by: isBalancers ? 'balancer' : 'app' };
}

/** How many there are in all. */
export function countOf(failures: readonly Failure[]): number {
  return failures.reduce((sum, { count }) => sum + count, 0);
}

/** `15 answered 503 by the balancer, 18 cut off without an answer`. */
export function failureText(failures: readonly Failure[]): string {
  return failures.map((failure) => `${failure.count} ${wayOf(failure)}`).join(', ');
}

function wayOf({ outcome, status, by }: Failure): string {
  switch (outcome) {
    case 'badStatus':
    case 'rejected':
      return `answered ${status} by the ${by}`;
    case 'lost':
      return 'cut off without an answer';
    case 'truncated':
      return 'cut off inside the answer';
    case 'refused':
      return 'refused a connection';
    case 'timedOut':
      return 'left waiting';
    case 'ambiguous':
      return 'answered perhaps not in whole';
  }
}
