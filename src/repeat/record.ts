import type { Verdict } from '../result.ts';

/** The least, the middle and the most of what several runs measured. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What the runs of one plan come to; a single run is a series too. */
export interface Series {
  /** What it is called: see `nameOf`. */
  readonly name: string;
  /** How many runs there are. */
  readonly runs: number;
  /** The worst of them: one loss in many is a fail. */
  readonly verdict: Verdict;
  readonly failed: number;
  readonly inconclusive: number;
  /** Runs in which the stop cost something, be it one request or one job. */
  readonly losing: number;
  /** Runs in which SIGKILL fired. */
  readonly killed: number;
  /** What each stop cost: requests held against the target, and jobs. */
  readonly lost: Spread;
  /**
   * Runs whose times count: those that ended by themselves with nothing cut off. What was cut short took no time of its own,
   * and mending that would look like a longer drain.
   */
  readonly timed: number;
  /** Of the timed runs, milliseconds; null where none of them had anything in flight. */
  readonly drainMs: Spread | null;
  /** Of the timed runs, from T0 to the exit, milliseconds; null where it was not seen. */
  readonly exitedAtMs: Spread | null;
  /** The longest that an answer took before any of the stops, milliseconds; null where there was none. */
  readonly longestAnswerMs: number | null;
  /** Codes of the causes, the most frequent first; empty where there was none. */
  readonly causes: readonly string[];
  /** Each that was seen, ascending. */
  readonly exitCodes: readonly number[];
}

/** Why there are fewer runs than were asked for, where there are. */
export type RepeatEnd =
  | { readonly kind: 'complete' | 'interrupted' }
  /** What kept the next run from taking place, a sentence. */
  | { readonly kind: 'broken'; readonly because: string };

/** Runs of the same plan, one after the other, and what they come to. */
export interface RepeatRecord extends Series {
  /** How many runs were asked for. */
  readonly asked: number;
  readonly ended: RepeatEnd;
  /** Which of the result's runs they are: indices into `runs`. */
  readonly at: readonly number[];
}
