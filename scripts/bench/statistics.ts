import { percentile } from '../../src/load/percentile.ts';

/** The middle of what repetitions gave; of an even number the lower middle. NaN of nothing. */
export function median(values: readonly number[]): number {
  return values.length === 0 ? NaN : percentile(values, 0.5);
}

/** How uneven counts are: variance over mean. 0 is a perfect schedule, 1 is random arrivals (Poisson). */
export function varianceToMean(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  return variance / mean;
}

/** The same items, begun at another one each time, so that none always runs first or after the same neighbour. */
export function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const turned = by % items.length;
  return [...items.slice(turned), ...items.slice(0, turned)];
}

/** A number as a table shows it: whole from 100 on, else with so many digits after the point. */
export function shown(value: number | null, digits = 2): string {
  if (value === null || Number.isNaN(value)) return 'n/a';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(digits);
}
