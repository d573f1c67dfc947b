import { expect, test } from 'vitest';

import { confidenceOf, stopsFor } from '../../../src/budget/confidence.ts';

test.each([
  [1, 0.9, 0.1],
  [2, 0.9, 0.19],
  [10, 0.9, 0.6513],
  [28, 0.9, 0.9477],
  [29, 0.9, 0.9529],
  [58, 0.9, 0.9978],
  [59, 0.95, 0.9515],
  [298, 0.95, 1],
  [299, 0.99, 0.9505],
  [1000, 0.99, 1],
])('%i stops say of %d of all stops what they take at most, at a confidence of %d', (stops, share, confidence) => {
  const told = confidenceOf(stops);
  expect(told).toMatchObject({ stops, share, stopsForMost: 59 });
  expect(told.confidence).toBeCloseTo(confidence, 4);
});

test.each([
  [0.95, 0.95, 59],
  [0.9, 0.9, 22],
  [0.9, 0.95, 29],
  [0.99, 0.95, 299],
])('to say it of %d of them at a confidence of %d takes %i stops', (share, confidence, stops) => {
  expect(stopsFor(share, confidence)).toBe(stops);
  expect(1 - share ** stops).toBeGreaterThanOrEqual(confidence);
  expect(1 - share ** (stops - 1)).toBeLessThan(confidence);
});

test('of stops spread evenly over several loads it says no more than is true', () => {
  // The part of its stops below a bound differs from load to load; for all of them it is the mean.
  const shares = [0.99, 0.9, 0.81];
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const misses = shares.reduce((product, share) => product * share ** 10, 1);
  expect(1 - misses).toBeGreaterThanOrEqual(1 - mean ** 30);
});
