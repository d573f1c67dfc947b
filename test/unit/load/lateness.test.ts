import { expect, test } from 'vitest';

import { LatenessCounts } from '../../../src/load/lateness.ts';

function latenessOf(...lateUs: readonly number[]) {
  const counts = new LatenessCounts();
  for (const us of lateUs) counts.add(us);
  return counts.summary;
}

test('lateness of nothing is none', () => {
  expect(latenessOf()).toEqual({ p50: 0, p99: 0, max: 0 });
});

test('lateness is told by the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, nth) => (nth + 1) * 1000);
  expect(latenessOf(...hundred)).toEqual({ p50: 50, p99: 99, max: 100 });
});

test('what left early was not late, and what was very late is told in full', () => {
  expect(latenessOf(-500, -1)).toEqual({ p50: 0, p99: 0, max: 0 });
  expect(latenessOf(2_000_000).max).toBe(2000);
});
