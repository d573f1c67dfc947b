import { expect, test } from 'vitest';

import { distributionOf } from '../../../src/budget/distribution.ts';
import type { Took } from '../../../src/budget/measurement.ts';

/** 1, 2, ... n. */
function upTo(n: number): readonly number[] {
  return Array.from({ length: n }, (_, nth) => nth + 1);
}

test.each<[string, readonly Took[], Partial<ReturnType<typeof distributionOf>>]>([
  ['nothing', [], { measured: 0, cut: 0, minMs: null, medianMs: null, p90Ms: null, maxMs: null }],
  ['stops with nothing to measure', [null, null], { measured: 0, maxMs: null }],
  ['a single one', [7], { measured: 1, cut: 0, minMs: 7, medianMs: 7, p90Ms: null, maxMs: 7 }],
  ['some in any order', [30, 10, 20], { minMs: 10, medianMs: 20, maxMs: 30 }],
  ['an even number: the lower one in the middle', [40, 10, 30, 20], { medianMs: 20 }],
  ['one without a time among them', [10, null, 20], { measured: 2, minMs: 10, maxMs: 20 }],
  ['19, of which a tenth is one', upTo(19), { p90Ms: null, maxMs: 19 }],
  ['20, of which a tenth is two', upTo(20), { p90Ms: 18, maxMs: 20 }],
  ['one that was cut: the longest', [10, 'cut', 20], { measured: 3, cut: 1, minMs: 10, medianMs: 20, maxMs: null }],
  ['half of them cut', [10, 'cut'], { minMs: 10, medianMs: 10, maxMs: null }],
  ['all cut', ['cut', 'cut'], { measured: 2, cut: 2, minMs: null, medianMs: null, maxMs: null }],
  ['20, of which the slowest tenth was cut', [...upTo(18), 'cut', 'cut'], { p90Ms: 18, maxMs: null }],
  ['20, of which more were cut', [...upTo(17), 'cut', 'cut', 'cut'], { p90Ms: null, medianMs: 10 }],
])('%s', (_, times, want) => {
  expect(distributionOf(times)).toMatchObject(want);
});
