import { describe, expect, test } from 'vitest';

import { createMix, createTurns, dueUs } from '../../../src/load/schedule.ts';
import { PLAN } from './servers.ts';

describe('the schedule', () => {
  test('is evenly spaced after the ramp', () => {
    const gaps = Array.from({ length: 50 }, (_, n) => dueUs(500 + n + 1, 100, 1500) - dueUs(500 + n, 100, 1500));
    for (const gap of gaps) expect(gap).toBeCloseTo(10_000, 3);
  });

  test('never goes back, and joins the ramp without a jump', () => {
    const times = Array.from({ length: 400 }, (_, n) => dueUs(n, 100, 1500));
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(9_900);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(50_000);
  });

  test('without a ramp starts at once at its rate', () => {
    expect([0, 1, 2].map((n) => dueUs(n, 4, 0))).toEqual([0, 250_000, 500_000]);
  });
});

describe('a mix of requests', () => {
  const request = (share: number | null): Parameters<typeof createMix>[0][number] => ({
    path: '/',
    method: 'GET',
    headers: {},
    body: null,
    share,
    everyMs: share === null ? 1000 : null,
  });

  test('gives each kind its share, spread out', () => {
    const next = createMix([request(3), request(1)]);
    expect(Array.from({ length: 8 }, next)).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
  });

  test('never picks a kind that is sent on its own period', () => {
    const next = createMix([request(null), request(1)]);
    expect(Array.from({ length: 4 }, next)).toEqual([1, 1, 1, 1]);
  });
});

test('kinds take turns between fresh and pooled connections on their own', () => {
  const plan = { ...PLAN, requests: [PLAN.requests[0]!, PLAN.requests[0]!] };
  const isPooled = createTurns({ ...plan, connections: 'both' });
  expect([0, 1, 0, 1, 0, 0].map(isPooled)).toEqual([false, false, true, true, false, true]);
  expect([0, 0].map(createTurns({ ...plan, connections: 'fresh' }))).toEqual([false, false]);
  expect([0, 0].map(createTurns({ ...plan, connections: 'pooled' }))).toEqual([true, true]);
});
