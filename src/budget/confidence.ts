/** How much of all stops the longest one seen stands for, and how sure that is. Shares of 1. */
export interface Confidence {
  /** Stops that were measured. */
  readonly stops: number;
  /** This part of all stops ends within the longest one seen... */
  readonly share: number;
  /** ...with this confidence. */
  readonly confidence: number;
  /** So many stops would tell it of 95 % of them, at 95 % confidence. */
  readonly stopsForMost: number;
}

const SURE = 0.95;
/** What is told of, the most first, as long as it is sure; with too few stops for any, the last. */
const SHARES = [0.99, 0.95, 0.9] as const;

/**
 * What so many independent stops say, whatever the distribution: each is within the p-quantile with probability p, so the
 * longest of n is beyond it with confidence 1 - p^n. Stops that are spread over several loads are bound by the same figure,
 * for their mixture: the product of their probabilities is at most the n-th power of the mean of them.
 *
 * @param stops at least one
 */
export function confidenceOf(stops: number): Confidence {
  const share = SHARES.find((one) => confidenceIn(one, stops) >= SURE) ?? 0.9;
  return { stops, share, confidence: confidenceIn(share, stops), stopsForMost: stopsFor(SURE, SURE) };
}

function confidenceIn(share: number, stops: number): number {
  return 1 - share ** stops;
}

/** The least number of stops, the longest of which is beyond that share of all at that confidence. */
export function stopsFor(share: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(share));
}
