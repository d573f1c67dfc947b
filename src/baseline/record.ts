import type { Series } from '../repeat/record.ts';

/** What is worse than it was. `stop` is the whole stop, from its start to the exit. */
export type RegressionKind = 'verdict' | 'lost' | 'drain' | 'stop' | 'cause' | 'sigkill';

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

/** What result a check is held against, and what came of it. */
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
  /** Whether this result was to take the baseline's place: then what is worse was meant to be kept, and only the verdict counts. */
  readonly isUpdate: boolean;
  readonly comparisons: readonly Comparison[];
}

/** Whether anything is worse than it was, and was not meant to be kept. */
export function hasRegressed({ comparisons, isUpdate }: BaselineRecord): boolean {
  return !isUpdate && comparisons.some(({ regressions }) => regressions.length > 0);
}

/** Whether a failing verdict is one that the baseline has too, and so does not count. */
export function isKnownFailure(baseline: BaselineRecord): boolean {
  return baseline.failOn === 'regression' && !baseline.isUpdate && !hasRegressed(baseline);
}
