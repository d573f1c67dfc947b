import { describe, expect, test } from 'vitest';

import { assertComparable, type Baseline, heldAgainst } from '../../../src/baseline/baseline.ts';
import { hasRegressed, isKnownFailure } from '../../../src/baseline/record.ts';
import { planDifferences } from '../../../src/baseline/same-plan.ts';
import { CannotRunError } from '../../../src/errors.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Result, RunRecord } from '../../../src/result.ts';
import { withPlan } from '../observed.ts';
import { PASS, resultOf } from '../report/fixtures/records.ts';
import { lost, took, UNCLEAR } from '../report/fixtures/repeats.ts';

const PLAN = PASS.plan.resolved;

function named(name: string, run: RunRecord, changes: Partial<Plan> = {}): RunRecord {
  return { ...run, plan: { ...run.plan, resolved: { ...run.plan.resolved, name, ...changes } } };
}

function baselineOf(result: Result, more: Partial<Baseline> = {}): Baseline {
  return { file: 'base.json', failOn: 'fail', isUpdate: false, result, ...more };
}

/** What is said where the plans cannot be held against the baseline; null where they can. */
function refusal(baseline: Baseline, ...plans: readonly Plan[]): CannotRunError | null {
  try {
    assertComparable(baseline, baseline.result.engine, plans);
    return null;
  } catch (error) {
    if (error instanceof CannotRunError) return error;
    throw error;
  }
}

describe('a plan can be held against the baseline', () => {
  const api = baselineOf(resultOf([named('api', took(300))]));

  test('where the target of its name had the same', () => {
    expect(refusal(api, { ...PLAN, name: 'api' })).toBeNull();
  });

  test('whatever the image, the timeouts, the limits and what is shown', () => {
    const other = withPlan(
      {
        name: 'api',
        image: { ...PLAN.image, reference: 'other' },
        timeoutMs: 5_000,
        readyTimeoutMs: 1_000,
        repeat: 10,
        logMatch: ['x'],
        kernelTrace: 'off',
        limits: { drainMs: 5, stopMs: 5, latencyMs: 5, rejected: 5 },
      },
      { warmupMs: 900, requestTimeoutMs: 70 },
    ).plan;
    expect(refusal(api, other)).toBeNull();
  });

  test('not where there is no target of its name, and those that there are are named', () => {
    expect(refusal(api, { ...PLAN, name: 'web' })?.message).toBe(
      'The baseline base.json has no target "web". It has: api.',
    );
  });

  test('not under another plan, and each difference is named with both values', () => {
    const error = refusal(api, { ...withPlan({ name: 'api', graceMs: 5_000 }, { rate: 50 }).plan });
    expect(error?.detail).toEqual(['--grace: was 10s, is 5s', '--rate: was auto, is 50']);
    expect(error?.nextStep).toContain('--update-baseline');
  });

  test('not where the baseline could not tell, was measured on another engine, or is of a budget', () => {
    expect(refusal(baselineOf(resultOf([named('api', UNCLEAR)])), { ...PLAN, name: 'api' })?.message).toContain(
      'inconclusive',
    );
    const { result } = api;
    const onPodman = baselineOf({ ...result, engine: { ...result.engine, kind: 'podman' } });
    expect(() => assertComparable(onPodman, result.engine, [{ ...PLAN, name: 'api' }])).toThrow(
      'measured on podman, and this check runs on docker',
    );
    expect(refusal(baselineOf({ ...result, budget: {} as Result['budget'] & object }), PLAN)?.message).toContain(
      'of a budget',
    );
  });

  test('always where it is to be written anew', () => {
    expect(refusal(baselineOf(resultOf([]), { isUpdate: true }), { ...PLAN, name: 'web' })).toBeNull();
  });

  test('by the one of several of its name that had the same', () => {
    const both = baselineOf(resultOf([named('api', took(300), { graceMs: 5_000 }), named('api', took(300))]));
    expect(refusal(both, { ...PLAN, name: 'api' })).toBeNull();
    expect(refusal(both, { ...PLAN, name: 'api', graceMs: 5_000 })).toBeNull();
    expect(refusal(both, { ...PLAN, name: 'api', graceMs: 7_000 })).not.toBeNull();
  });
});

test('two plans are the same where only what is compared differs', () => {
  expect(planDifferences(PLAN, PLAN)).toEqual([]);
  const changed = withPlan({
    profile: 'kubernetes',
    preStop: { kind: 'sleep', sleepMs: 5_000 },
    when: 500,
    container: { ...PLAN.container, init: true, command: ['node', 'x.js'], memoryBytes: 2 ** 28 },
  }).plan;
  expect(planDifferences(PLAN, changed).map(({ what, was, is }) => `${what} ${was} ${is}`)).toEqual([
    '--profile docker kubernetes',
    '--pre-stop none sleep:5s',
    '--pooled-after-lag none go',
    '--when ready 500ms',
    '--init no yes',
    "the command the image's node x.js",
    '--memory no limit 268435456 bytes',
  ]);
});

describe('a result held against the baseline', () => {
  const held = (was: Result, is: Result, more: Partial<Baseline> = {}) => {
    const { baseline } = heldAgainst(is, baselineOf(was, more));
    if (baseline === undefined) throw new Error('it was not held against anything');
    return baseline;
  };

  test('is as it was without one', () => {
    const result = resultOf([took(300)]);
    expect(heldAgainst(result, undefined)).toBe(result);
  });

  test('tells of each target then and now', () => {
    const was = resultOf([named('api', took(300)), named('web', took(300))]);
    const { comparisons } = held(was, resultOf([named('web', took(4_000)), named('api', took(310))]));
    expect(comparisons.map(({ name, regressions }) => [name, regressions.length])).toEqual([
      ['web', 1],
      ['api', 0],
    ]);
  });

  test('takes the runs of a repeated plan together, then and now', () => {
    const runs = [300, 310, 320, 330, 340].map((ms) => took(ms));
    const record = { asked: 5, ended: { kind: 'complete' }, at: [0, 1, 2, 3, 4] } as const;
    const was = { ...resultOf(runs), repeats: [record as never] };
    const { comparisons } = held(was, { ...resultOf(runs.map(() => took(700))), repeats: [record as never] });
    expect(comparisons).toMatchObject([{ was: { runs: 5 }, is: { runs: 5 }, regressions: [{ kind: 'drain' }] }]);
  });

  test('counts a failure that is known only where it was asked to', () => {
    const fails = resultOf([lost(3)]);
    expect(isKnownFailure(held(fails, fails))).toBe(false);
    expect(isKnownFailure(held(fails, fails, { failOn: 'regression' }))).toBe(true);
    const worse = held(resultOf([took(300)]), fails, { failOn: 'regression' });
    expect([hasRegressed(worse), isKnownFailure(worse)]).toEqual([true, false]);
  });

  test('that takes the baseline’s place is worse in nothing that counts, and known in nothing either', () => {
    const update = held(resultOf([took(300)]), resultOf([lost(3)]), { isUpdate: true, failOn: 'regression' });
    expect(update.comparisons[0]?.regressions.length).toBeGreaterThan(0);
    expect([hasRegressed(update), isKnownFailure(update)]).toEqual([false, false]);
  });

  test('is told of only where it compares: one with another plan is left out where the baseline is written anew', () => {
    const other = resultOf([named('api', took(300), { graceMs: 5_000 })]);
    expect(held(other, resultOf([named('api', took(300))]), { isUpdate: true }).comparisons).toEqual([]);
  });
});
