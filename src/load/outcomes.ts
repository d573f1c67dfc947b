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
