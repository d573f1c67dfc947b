/** Something that happened in some of several runs. */
export interface Frequency {
  readonly times: number;
  readonly of: number;
}

/**
 * How likely so many more times now than then would be if nothing had changed: Fisher's exact test, one-sided. No assumption
 * is made of how often it happens.
 */
export function chanceOfMore(then: Frequency, now: Frequency): number {
  const times = then.times + now.times;
  const runs = then.of + now.of;
  let sum = 0;
  for (let k = now.times; k <= Math.min(times, now.of); k++)
    sum += Math.exp(logChoose(times, k) + logChoose(runs - times, now.of - k) - logChoose(runs, now.of));
  return Math.min(1, sum);
}

/** The logarithm of the number of ways to choose `k` of `n`; minus infinity where there are none. */
function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return log;
}
