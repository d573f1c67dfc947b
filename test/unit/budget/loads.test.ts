import { describe, expect, test } from 'vitest';

import { loadsFrom } from '../../../src/budget/loads.ts';
import { cycleMs, withRandomMoment } from '../../../src/budget/moment.ts';
import type { RequestPlan } from '../../../src/plan/plan.ts';
import type { RunRecord } from '../../../src/result.ts';
import { observationOf } from '../observed.ts';
import { PASS } from '../report/fixtures/records.ts';

const { load: LOAD } = observationOf().plan;

/** A first run that found this rate for requests of this median. */
function found(ratePerSecond: number, unloadedMedianMs: number | null, method = 'GET'): RunRecord {
  const { plan, observation } = PASS;
  const { load } = plan.resolved;
  const requests = load.requests.map((request) => ({ ...request, method }));
  return {
    ...PASS,
    plan: { ...plan, ratePerSecond, resolved: { ...plan.resolved, load: { ...load, requests } } },
    observation: { ...observation, harness: { ...observation.harness, unloadedMedianMs } },
  };
}

test.each([
  ['twice and half of what was found', found(15, 200), [15, 30, 7.5]],
  ['half more, where the app answers one after the other', found(20, 30), [20, 30, 10]],
  ['nothing above what auto goes up to', found(1_500, 2), [1_500, 2_000, 750]],
  ['nothing above that, though few are in flight there', found(2_000, 0.3), [2_000, 1_000]],
  ['of requests that change something still fewer', found(40, 75, 'POST'), [40, 50, 20]],
  ['no more digits than can be read', found(37.5, 80), [37.5, 75, 18.8]],
  ['twice, where nothing is known of single requests', found(10, null), [10, 20, 5]],
])('a budget without rates takes %s', (_, run, want) => {
  expect(loadsFrom(run)).toEqual(want);
});

describe('the moment of the stop', () => {
  const request = (changes: Partial<RequestPlan>): RequestPlan => ({ ...LOAD.requests[0]!, ...changes });
  const seldom = (everyMs: number): RequestPlan => request({ share: null, everyMs });

  test.each([
    ['a kind of request on both sorts of connection', { rate: 10 }, 200],
    ['one on fresh connections alone', { rate: 10, connections: 'fresh' }, 100],
    ['kinds of which one comes seldom', { rate: 10, requests: [request({ share: 9 }), request({ share: 1 })] }, 2_000],
    ['one with a period of its own', { rate: 10, requests: [request({}), seldom(4_000)] }, 8_000],
    ['a rate that is yet to be found', { rate: 'auto' }, 2_000],
    ['jobs', { kind: 'none', rate: 'auto', requests: [] }, 5_000],
  ] as const)('falls anywhere in the cycle of %s', (_, changes, want) => {
    expect(cycleMs({ ...LOAD, ...changes })).toBe(want);
  });

  test.each([
    [0, 5_000],
    [0.5, 5_100],
    [1, 5_200],
  ])('is put off by a part of the cycle, drawn at random: %d', (random, want) => {
    expect(withRandomMoment({ ...LOAD, rate: 10 }, random)).toEqual({ ...LOAD, rate: 10, warmupMs: want });
  });

  test('is put off for a minute at most', () => {
    const requests = [request({}), seldom(3_600_000)];
    expect(withRandomMoment({ ...LOAD, rate: 10, requests }, 1).warmupMs).toBe(65_000);
  });
});
