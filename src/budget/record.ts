import type { FindingCode } from '../diagnosis/finding.ts';
import type { Profile } from '../plan/plan.ts';
import type { Confidence } from './confidence.ts';
import type { Distribution } from './distribution.ts';
import type { Worth } from './measurement.ts';

/** What the stops under one load took, or under all of them. */
export interface LoadTimes {
  /** null: all loads together, or the only one where nothing was sent. */
  readonly ratePerSecond: number | null;
  readonly stops: number;
  /** From the signal to the end of the last request that was in flight when it came. */
  readonly drain: Distribution;
  /** From the signal to the end of the process. */
  readonly exit: Distribution;
}

/** Stops of which the same is to be said. */
export interface Sorted {
  readonly worth: Exclude<Worth, 'whole'>;
  /** null where the run had no finding that says it. */
  readonly why: FindingCode | null;
  readonly stops: number;
}

/**
 * A sleep that keeps the app serving until traffic is no longer routed to it: one that covers the lag, or the shorter one that
 * the runs had and that was enough, for the app goes on accepting by itself (`lingers`; 0: it needs none).
 */
export interface SleepAdvice {
  readonly seconds: number;
  readonly why: 'coversLag' | 'lingers';
}

/** A grace period, and the terms that it is the sum of. */
export interface GraceAdvice {
  readonly seconds: number;
  /** The preStop sleep in it; null: none. */
  readonly sleepS: number | null;
  /** The longest time that was measured. */
  readonly longestMs: number;
  /** It was that of so many stops. */
  readonly of: number;
  /** What it is the time of: the exit, or a preStop hook of the app's own and the exit. */
  readonly what: 'exit' | 'hookAndExit';
  /** The margin, whichever is more: the longest time is multiplied, or has some seconds added. */
  readonly margin:
    { readonly kind: 'times'; readonly factor: number } | { readonly kind: 'plus'; readonly seconds: number };
}

/** What the budget comes to. */
export type Advice =
  | {
      readonly kind: 'recommended';
      /** null: nothing is routed to it after the stop began, a hook of its own is enough, or the profile has no preStop. */
      readonly sleep: SleepAdvice | null;
      /** For the sequence that was measured. */
      readonly grace: GraceAdvice;
      /** For a stop without preStop, as `docker stop` is. */
      readonly dockerGrace: GraceAdvice;
    }
  /** SIGKILL came, after all the time that it was given. */
  | { readonly kind: 'noBound' }
  /** Stops lost requests for another reason than time: a budget makes no sense before that is mended. */
  | { readonly kind: 'mendFirst' }
  /** No run could tell. */
  | { readonly kind: 'unclear' };

/** Why there are fewer stops than asked. `killed`: each of the others would take as long and tell no more. */
export type BudgetEnd =
  | { readonly kind: 'complete' | 'killed' | 'interrupted' }
  /** Continuing "run 7 could not be run: …". */
  | { readonly kind: 'broken'; readonly because: string };

/** What repeated stops say of the time that an app needs for one. */
export interface BudgetRecord {
  readonly profile: Profile;
  readonly runsAsked: number;
  readonly ended: BudgetEnd;
  /** The grace period that the app is deployed with; its runs had `givenMs`, so that all of it was measured. */
  readonly graceMs: number;
  readonly givenMs: number;
  /** For so long after T0 new requests came; 0: none did. */
  readonly routingLagMs: number;
  /** The preStop hook of the runs, as one types it; null where they had none. */
  readonly hook: string | null;
  /** In the order of the loads; only stops whose time was measured count. */
  readonly loads: readonly LoadTimes[];
  readonly all: LoadTimes;
  /** All that were not simply measured, the most frequent first. */
  readonly others: readonly Sorted[];
  /** null where no stop was measured to its end. */
  readonly confidence: Confidence | null;
  readonly advice: Advice;
}
