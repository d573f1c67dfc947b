import type { Ledger } from '../load/ledger.ts';
import type { Result } from '../result.ts';
import type { Look } from './look.ts';

/** What is saved of a check, and all that a report is made from. */
export interface Saved {
  readonly result: Result;
  /** One for each run, then one for each roll-out; null where it was not saved, or is gone. */
  readonly ledgers: readonly (Ledger | null)[];
}

/** A report in one format. Pure; the terminal's is drawn by the look, and the others take from it at most where paths count from. */
export type Reporter = (saved: Saved, look: Look) => string;

/** Lines of 80 columns, without colours: what goes into a file. */
export const PLAIN_LOOK: Look = { color: false, width: 80, unicode: true };
