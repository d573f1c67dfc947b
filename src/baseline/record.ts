import type { Series } from '../repeat/record.ts';

/** What is worse than it was. */
export type RegressionKind = 'verdict' | 'lost' | 'drain' | 'cause' | 'sigkill';

export interface Regression {
  readonly kind: RegressionKind;
  /** A sentence with both figures. */
  readonly message: string;
}

/** A target then and now. */
export interface Comparison {
  readonly name: string;
  readonly was: Series;
  readonly is: Series;
  /** Empty where nothing is worse. */
  readonly regressions: readonly Regression[];
}

/** What a result is held against, and what came of it. */
export interface BaselineRecord {
  /** The file of the earlier result, as the user named it. */
  readonly file: string;
  /** When the earlier result was made. ISO 8601, UTC. */
  readonly startedAt: string;
  /**
   * What ends the program with 1: a failing verdict or a regression (`fail`), or a regression alone, so that a failure that
   * the baseline had as well does not.
   */
  readonly failOn: 'fail' | 'regression';
  readonly comparisons: readonly Comparison[];
}

/** Whether anything is worse than it was. */
export function hasRegressed({ comparisons }: BaselineRecord): boolean {
  return comparisons.some(({ regressions }) => regressions.length > 0);
}
