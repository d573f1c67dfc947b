import { expect, test } from 'vitest';

import { timetable } from '../../../src/witness/snapshots.ts';

test('the last look comes shortly before SIGKILL, in a grace period shorter than that half-way', () => {
  expect(timetable(10_000)).toEqual([20, 100, 300, 1000, 5000, 9600]);
  expect(timetable(1_000)).toEqual([20, 100, 300, 600]);
  expect(timetable(300)).toEqual([20, 100, 150]);
  expect(timetable(0)).toEqual([]);
});
