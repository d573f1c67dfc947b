import type { TookScale } from './drawing.ts';

/** Times further apart than this are not to be read from the same straight scale. */
const FAR_APART = 40;
/** Shorter than this nothing is told apart. */
const LEAST_MS = 0.1;

/** A scale for times from the least to the most, milliseconds: a straight one where that can be read. */
export function scaleFor(leastMs: number, mostMs: number): TookScale {
  const untilMs = Math.max(mostMs, 1) * 1.05;
  const least = Math.max(LEAST_MS, leastMs);
  if (mostMs / least < FAR_APART) return { kind: 'linear', fromMs: 0, untilMs };
  return { kind: 'log', fromMs: least, untilMs };
}

/** Where a time stands in so many steps of a scale, from 0; what is beyond its ends stands at them. */
export function stepOf({ kind, fromMs, untilMs }: TookScale, steps: number, ms: number): number {
  const part =
    kind === 'linear'
      ? (ms - fromMs) / (untilMs - fromMs)
      : Math.log(Math.max(ms, fromMs) / fromMs) / Math.log(untilMs / fromMs);
  return Math.min(steps - 1, Math.max(0, Math.floor(part * steps)));
}

/** As exact as a screen can show. */
export function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
