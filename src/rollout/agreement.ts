import { ENDING, FLAG, type Ledger } from '../load/ledger.ts';
import type { UserCounters } from './balancer-stats.ts';

/** What was counted here and what the balancer counted of the same thing. */
export interface Agreement {
  readonly what: string;
  readonly ours: number;
  readonly balancers: number;
  readonly agrees: boolean;
}

const CLASSES = ['2xx', '3xx', '4xx'] as const;

/**
 * Holds the users' own count against the balancer's, over everything since its start. Where it gives no answer to a
 * user's second or later request on a connection, but closes that, it counts a 503 or nothing at all: so what it
 * answered by no other class is one count. A user who gave up waiting has no answer, and the balancer may have had one.
 */
export function agreementOf(ledger: Ledger, users: UserCounters): readonly Agreement[] {
  const rows = Array.from({ length: ledger.length }, (_, row) => row);
  const sent = rows.filter((row) => ledger.has(row, FLAG.sent));
  const waited = sent.filter((row) => ledger.ending[row] === ENDING.deadline).length;
  const ofClass = (name: string): number =>
    sent.filter((row) => `${Math.floor((ledger.status[row] ?? 0) / 100)}xx` === name).length;
  const answered = CLASSES.map((name) => ({ what: name, ours: ofClass(name), balancers: users.responses[name] }));
  const sum = (of: 'ours' | 'balancers'): number => answered.reduce((total, one) => total + one[of], 0);
  const counts = [
    ...answered,
    { what: '5xx, or no answer', ours: sent.length - sum('ours'), balancers: users.requests - sum('balancers') },
  ];
  return [
    { what: 'requests', ours: sent.length, balancers: users.requests, agrees: sent.length === users.requests },
    ...counts
      .filter(({ ours, balancers }) => ours > 0 || balancers > 0)
      .map((one) => ({ ...one, agrees: Math.abs(one.ours - one.balancers) <= waited })),
  ];
}
