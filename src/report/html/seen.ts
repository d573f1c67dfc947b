import { classify } from '../../load/classify.ts';
import { sharpen } from '../../load/first-effect.ts';
import { type Ledger, NEVER } from '../../load/ledger.ts';
import type { Outcome } from '../../load/outcomes.ts';
import type { RunRecord } from '../../result.ts';
import { judgeUsers } from '../../rollout/judge.ts';
import type { RolloutRecord } from '../../rollout/record.ts';

/** A request as it is drawn and told of. Times are milliseconds from T0, of a roll-out from its begin. */
export interface Request {
  readonly outcome: Outcome;
  readonly isBefore: boolean;
  /** When it left, which is when it was written where it was. */
  readonly sentMs: number;
  readonly endMs: number;
  /** From the schedule to the end, so that a stall shows. */
  readonly tookMs: number;
  readonly connection: 'fresh' | 'pooled';
  /** What else is known of it; empty where nothing is. */
  readonly beside: string;
}

/** Each request of a run; null where there is no record of them. */
export function requestsOf(run: RunRecord, ledger: Ledger | null): readonly Request[] | null {
  if (ledger === null || ledger.length === 0 || run.jobs !== null) return null;
  const observation = sharpen(run.observation, ledger);
  const ms = (us: number): number => (us - observation.t0Us) / 1000;
  return classify(ledger, observation).map((one) => ({
    outcome: one.outcome,
    isBefore: one.phase === 'before',
    sentMs: ms(one.leftUs),
    endMs: ms(one.endUs),
    tookMs: Math.max(0, one.endUs - one.scheduledUs) / 1000,
    connection: one.pooled ? 'pooled' : 'fresh',
    beside: one.outcome === 'lost' ? READ[one.read] : '',
  }));
}

const READ = {
  read: 'the app had read it',
  unread: 'the app never read it',
  unknown: 'nobody can tell if it was read',
};

/** Each request of the users of a roll-out; null where there is no record of them. */
export function usersOf({ observation }: RolloutRecord, ledger: Ledger | null): readonly Request[] | null {
  if (ledger === null || ledger.length === 0) return null;
  const ms = (us: number): number => (us - observation.beganUs) / 1000;
  return judgeUsers(ledger, observation).map((one) => ({
    outcome: one.outcome,
    isBefore: one.phase === 'before',
    sentMs: ms(one.sentUs === NEVER ? one.scheduledUs : one.sentUs),
    endMs: ms(one.endUs),
    tookMs: Math.max(0, one.endUs - one.scheduledUs) / 1000,
    connection: one.pooled ? 'pooled' : 'fresh',
    beside: one.place === null ? '' : `${one.place.which} container of replica ${one.place.replica}`,
  }));
}
