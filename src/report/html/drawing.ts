import type { Outcome } from '../../load/outcomes.ts';

/*
 * What the page draws of a run. It travels as JSON, so it is as small as it can be: times are milliseconds from T0, rounded
 * to what a screen can show.
 */

/** A stretch of time that one can look at. */
export interface View {
  readonly id: string;
  readonly label: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly layers: readonly Layer[];
  /** The most that were in flight at a time, in each of so many steps of equal length; empty where that is not known. */
  readonly inFlight: readonly number[];
}

/** Requests that ended in one way. */
export interface Layer {
  readonly outcome: Outcome;
  /** Each by itself: when it ended and how long it took, one after the other. */
  readonly singles: readonly number[];
  /** Where they are too many: column, row and how many, one after the other. */
  readonly cells: readonly number[];
}

/** How the time that requests took is drawn, from the bottom to the top. */
export interface TookScale {
  readonly kind: 'linear' | 'log';
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Something that happened, as a line across everything. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
  readonly kind: 'signal' | 'kill' | 'exit' | 'other';
}

/** A process from when it was first seen to its end. */
export interface Lane {
  readonly label: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly signals: readonly { readonly atMs: number; readonly text: string }[];
}

/** How many answers took how long, as a share of all; of equal steps of the scale. */
export interface LatencyDrawing {
  readonly scale: TookScale;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A line of the target's output. */
export interface LogMark {
  readonly atMs: number;
  readonly isError: boolean;
}

/** Counts a bucket, where there is no record of each request, and of jobs. */
export interface BucketDrawing {
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly rows: readonly { readonly label: string; readonly outcome: Outcome; readonly counts: readonly number[] }[];
}

export interface Drawing {
  readonly views: readonly View[];
  /** Columns and rows of the cells. */
  readonly grid: readonly [columns: number, rows: number];
  readonly took: TookScale;
  /** null where each request is drawn. */
  readonly buckets: BucketDrawing | null;
  readonly inFlightLabel: string;
  readonly moments: readonly Moment[];
  readonly lanes: readonly Lane[];
  readonly logs: readonly LogMark[];
  /** null where none was answered, or nobody knows. */
  readonly latency: LatencyDrawing | null;
}
