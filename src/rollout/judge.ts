import { isCutShort } from '../load/classify.ts';
import { expectedStatuses } from '../load/expected-status.ts';
import { shortestBodies } from '../load/history.ts';
import { FLAG, type Ledger, NEVER } from '../load/ledger.ts';
import { type Outcome, outcomeOf } from '../load/outcomes.ts';
import type { OddRequest } from './balancer-log.ts';
import { serverName } from './balancer-config.ts';
import type { RolloutObservation } from './observation.ts';

/** A container of a replica: the one that is replaced, or the one in its place. */
export interface Place {
  /** From 1. */
  readonly replica: number;
  readonly which: 'old' | 'new';
}

/** A user's request as it is judged. Times are microseconds of the ledger's clock. */
export interface UserRequest {
  readonly row: number;
  readonly outcome: Outcome;
  /** `before`: it ended before the roll-out began. */
  readonly phase: 'before' | 'during';
  /** 0 where no answer began. */
  readonly status: number;
  /** Whether the balancer answered it by itself, for want of an answer from the app. */
  readonly isBalancers: boolean;
  /** Who had it last; null where nobody says. */
  readonly place: Place | null;
  /** How often the balancer sent it again. */
  readonly retries: number;
  readonly pooled: boolean;
  readonly scheduledUs: number;
  /** `NEVER` where it was not written. */
  readonly sentUs: number;
  readonly endUs: number;
}

/** HAProxy's letters for nobody having ended it before its time. */
const NORMAL = '--';

/** Judges every request of every user, those of the ramp too: the balancer counts them as well. Pure. */
export function judgeUsers(ledger: Ledger, observation: RolloutObservation): readonly UserRequest[] {
  const t0Us = observation.beganUs;
  const known: Known = {
    observation,
    isExpected: expectedStatuses(ledger, { plan: observation.plan, t0Us }),
    shortest: shortestBodies(ledger, t0Us),
    odd: new Map(observation.balancer.log.odd.map((request) => [request.row, request])),
  };
  return Array.from({ length: ledger.length }, (_, row) => judge(ledger, row, known)).filter((one) => one !== null);
}

interface Known {
  readonly observation: RolloutObservation;
  readonly isExpected: (kind: number, status: number) => boolean;
  readonly shortest: readonly number[];
  /** What the balancer's log says of a row that was not simply answered. */
  readonly odd: ReadonlyMap<number, OddRequest>;
}

/** null for the harness's own fault. */
function judge(ledger: Ledger, row: number, { observation, isExpected, shortest, odd }: Known): UserRequest | null {
  const sentUs = ledger.has(row, FLAG.sent) ? (ledger.sentUs[row] ?? NEVER) : NEVER;
  const endUs = ledger.endUs[row] ?? NEVER;
  const status = ledger.status[row] ?? 0;
  const bare = outcomeOf(ledger.ending[row] ?? 0, status, sentUs !== NEVER, (one) =>
    isExpected(ledger.kind[row] ?? 0, one),
  );
  if (bare === null) return null;
  const outcome = isCutShort(ledger, row, bare, observation.beganUs, shortest) ? 'ambiguous' : bare;
  const said = odd.get(row);
  return {
    row,
    outcome,
    phase: endUs < observation.beganUs ? 'before' : 'during',
    status,
    isBalancers: status !== 0 && said !== undefined && said.ending !== NORMAL && outcome !== 'truncated',
    place: outcome === 'completed' ? null : placeOf(said, endUs, observation),
    retries: said?.retries ?? 0,
    pooled: ledger.has(row, FLAG.pooled),
    scheduledUs: ledger.scheduledUs[row] ?? 0,
    sentUs,
    endUs,
  };
}

/**
 * By the balancer's log. A user's kept-alive connection that it closes without a word, so that the user sends the request
 * again, is not in there; but then the server's end was that of the request, and only one is ending at a time.
 */
function placeOf(said: OddRequest | undefined, endUs: number, observation: RolloutObservation): Place | null {
  const { replicas } = observation.plan;
  const numbers = Array.from({ length: 2 * replicas }, (_, nth) => nth + 1);
  const number = said && numbers.find((one) => serverName(one) === said.server);
  if (number !== undefined)
    return number <= replicas ? { replica: number, which: 'old' } : { replica: number - replicas, which: 'new' };
  const atMs = (endUs - observation.beganUs) / 1000;
  const stopping = observation.replacements.findLast(({ t0AtMs }) => t0AtMs <= atMs);
  return stopping === undefined ? null : { replica: stopping.replica, which: 'old' };
}
