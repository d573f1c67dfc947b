import type { Series, Spread } from '../repeat/record.ts';

/** So many runs on each side, and their spread shows what is usual. */
const ENOUGH_RUNS = 5;

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

/** The most losses that would pass as no more than then: the median of now is held against it. */
export function mostLost(was: Series, is: Series): number {
  return withMargin(was.lost.max, LOST[Math.min(was.runs, is.runs) >= ENOUGH_RUNS ? 'many' : 'few']);
}

/** The longest time that would pass as the same as `seen`: the median of now is held against it. Milliseconds. */
export function longestTime(was: Series, is: Series, seen: Spread): number {
  if (Math.min(was.timed, is.timed) >= ENOUGH_RUNS) return withMargin(seen.max, TIME.many);
  return withMargin(seen.max + unseen(was), TIME.few);
}

/**
 * How much longer a drain may have been with nothing changed: of few stops perhaps none met a request of the slow kind at its
 * beginning, and the next one does.
 */
function unseen({ longestAnswerMs, drainMs }: Series): number {
  return Math.max(0, (longestAnswerMs ?? 0) - (drainMs?.max ?? 0));
}

function withMargin(most: number, { share, least }: Margin): number {
  return most + Math.max(most * share, least);
}
