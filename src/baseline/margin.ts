import type { Series, Spread } from '../repeat/record.ts';

/** So many runs on each side, and their spread shows what is usual. */
export const ENOUGH_RUNS = 5;

/** What is added to the most that was seen then: a part of it, and so much at least. */
interface Margin {
  readonly share: number;
  readonly least: number;
}

/**
 * Judgements of ours and no measurements, so the report names the bound that they come to. A single run has no spread: where
 * in a request's work the signal fell, and what else the machine did, changes its drain by as much as a request takes.
 */
const TIME: Readonly<Record<'few' | 'many', Margin>> = {
  few: { share: 0.5, least: 1_000 },
  many: { share: 0.1, least: 250 },
};
const LOST: Readonly<Record<'few' | 'many', Margin>> = {
  few: { share: 0.5, least: 5 },
  many: { share: 0.1, least: 1 },
};

/** The most that would pass as the same as it was: the median of what is measured now is held against it. */
export function bound(what: 'time' | 'lost', was: Series, is: Series, seen: Spread): number {
  const [then, now] = what === 'time' ? [was.timed, is.timed] : [was.runs, is.runs];
  const margins = what === 'time' ? TIME : LOST;
  const { share, least } = margins[Math.min(then, now) >= ENOUGH_RUNS ? 'many' : 'few'];
  return seen.max + Math.max(seen.max * share, least);
}
