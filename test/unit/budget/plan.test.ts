import { describe, expect, test } from 'vitest';

import { planBudget } from '../../../src/budget/plan.ts';
import { CannotRunError } from '../../../src/errors.ts';
import type { BudgetOptions } from '../../../src/plan/options.ts';

const TARGET = { target: 'nginx:1.29' };

test('a budget is of ten stops as a pod’s, with time for all of the drain and a sleep that covers the lag', async () => {
  expect(await planBudget(TARGET)).toMatchObject({
    runs: 10,
    rates: null,
    graceMs: 30_000,
    plan: {
      profile: 'kubernetes',
      graceMs: 120_000,
      routingLagMs: 2_000,
      preStop: { kind: 'sleep', sleepMs: 3_000 },
      prove: false,
      when: 'ready',
      load: { rate: 'auto', requestTimeoutMs: 125_000 },
    },
  });
});

test.each<[string, Partial<BudgetOptions>, object]>([
  ['it is held against its own grace period', { graceMs: 45_000 }, { graceMs: 45_000, plan: { graceMs: 120_000 } }],
  ['its runs have no less than it has', { graceMs: 300_000 }, { graceMs: 300_000, plan: { graceMs: 300_000 } }],
  ['its runs have what they are given', { maxGraceMs: 5_000 }, { graceMs: 30_000, plan: { graceMs: 5_000 } }],
  ['a hook of its own is kept', { preStop: 'sleep:0s' }, { plan: { preStop: { kind: 'sleep', sleepMs: 0 } } }],
  ['a longer lag takes a longer sleep', { routingLagMs: 5_000 }, { plan: { preStop: { sleepMs: 6_000 } } }],
  ['no lag takes none', { routingLagMs: 0 }, { plan: { preStop: null } }],
  ['a worker takes none', { load: 'none' }, { plan: { preStop: null } }],
  ['docker stop has none', { profile: 'docker' }, { graceMs: 10_000, plan: { profile: 'docker', preStop: null } }],
  ['rates take the place of auto', { rates: [10, 50] }, { rates: [10, 50], plan: { load: { rate: 10 } } }],
])('%s', async (_, options, want) => {
  expect(await planBudget({ ...TARGET, ...options })).toMatchObject(want);
});

describe('bad options', () => {
  test.each([
    [{ runs: 0 }, 'runs (--runs) cannot be 0: it takes a whole number from 1 to 1000'],
    [{ runs: 1_001 }, 'runs (--runs) cannot be 1001'],
    [{ runs: 1.5 }, 'runs (--runs) cannot be 1.5'],
    [{ rates: [] }, 'rates (--rates) cannot be []'],
    [{ rates: [10, 0] }, 'rates (--rates) cannot be [10,0]'],
    [{ rates: [1, 2, 3], runs: 2 }, '3 rates (--rates) need as many runs, and there are 2 (--runs).'],
    [{ load: 'none', rates: [10] }, 'With --load none nothing is sent, so rates (--rates) has no place beside it.'],
    [{ rate: 10 }, '"rate"'],
    [{ prove: true }, '"prove"'],
    [{ when: 'starting' }, '"when"'],
    [{ profile: 'docker', preStop: 'sleep:3s' }, 'preStop (--pre-stop) is a step that `docker stop` does not have.'],
  ])('%j', async (options, want) => {
    const all = { ...TARGET, ...options } as BudgetOptions;
    const error: unknown = await planBudget(all).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CannotRunError);
    expect((error as Error).message).toContain(want);
  });
});
