import { ENDING } from './ledger.ts';

/** The eight ways a request can end, in the order of the saved result. Each request ends in exactly one. */
export const OUTCOMES = [
  'completed',
  'rejected',
  'badStatus',
  'lost',
  'truncated',
  'refused',
  'timedOut',
  'ambiguous',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** How many requests ended in each way. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** Whether a whole answer came, whatever it said. */
export function isAnswered(outcome: Outcome): boolean {
  return outcome === 'completed' || outcome === 'rejected' || outcome === 'badStatus';
}

/** Statuses by which an app turns a client away on purpose. */
const REJECTING = new Set([429, 503]);

export function isRejecting(status: number): boolean {
  return REJECTING.has(status);
}

/** The outcome of an ending; null for the harness's own fault, which is never counted against the app. */
export function outcomeOf(
  ending: number,
  status: number,
  sent: boolean,
  isExpected: (status: number) => boolean,
): Outcome | null {
  switch (ending) {
    case ENDING.fault:
    case ENDING.open:
      return null;
    case ENDING.notConnected:
    case ENDING.proxyEnded:
    case ENDING.streamRefused:
      return 'refused';
    case ENDING.deadline:
      return sent ? 'timedOut' : 'refused';
    case ENDING.cutInside:
      return 'truncated';
    case ENDING.cutBefore:
      return 'lost';
    default:
      if (isExpected(status)) return 'completed';
      return isRejecting(status) ? 'rejected' : 'badStatus';
  }
}

/** All outcomes at zero, to count in. */
export function noOutcomes(): Record<Outcome, number> {
  return { completed: 0, rejected: 0, badStatus: 0, lost: 0, truncated: 0, refused: 0, timedOut: 0, ambiguous: 0 };
}
