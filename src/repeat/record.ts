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
  /** Milliseconds; null where no run had anything in flight. */
  readonly drainMs: Spread | null;
  /** From T0 to the exit, milliseconds; null where it was not seen. */
  readonly exitedAtMs: Spread | null;
  /** Codes of the causes, the most frequent first; empty where there was none. */
  readonly causes: readonly string[];
  /** Each that was seen, ascending. */
  readonly exitCodes: readonly number[];
}

/** Runs of the same plan, one after the other, and what they come to. */
export interface RepeatRecord extends Series {
  /** Which of the result's runs they are: indices into `runs`. */
  readonly at: readonly number[];
}
