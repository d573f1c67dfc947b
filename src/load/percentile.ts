/**
 * Exact percentile by the nearest rank.
 *
 * @param values In any order, at least one; left as they are.
 * @param share From 0 to 1.
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('a percentile of nothing');
  return value;
}
