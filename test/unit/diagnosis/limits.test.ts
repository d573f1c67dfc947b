import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import type { LimitsPlan } from '../../../src/plan/plan.ts';
import { healthy, ledgerOf, type Told, withPlan } from '../observed.ts';

const ANY: LimitsPlan = { drainMs: null, stopMs: null, latencyMs: null, rejected: 0 };
/** In flight at the signal, and answered a second after it. */
const DRAINED: Told = { sentAt: -50, endAt: 1_000 };

function assessed(limits: Partial<LimitsPlan>, ...told: readonly Told[]) {
  const observation = withPlan({ limits: { ...ANY, ...limits } });
  return assess(observation, ledgerOf(...healthy(), ...told));
}

/** Codes, each with how bad it is. */
function found({ findings }: ReturnType<typeof assessed>): readonly string[] {
  return findings.map(({ code, severity }) => `${severity} ${code}`);
}

describe('a limit', () => {
  test('that is kept changes nothing, and one that is passed by a millisecond fails the run', () => {
    const { drainMs, exitedAtMs } = assessed({}, DRAINED).termination;
    expect(drainMs).toBeGreaterThan(900);
    const [drain, stop] = [drainMs ?? 0, exitedAtMs ?? 0];
    expect(assessed({ drainMs: drain, stopMs: stop }, DRAINED)).toMatchObject({ verdict: 'pass', findings: [] });
    expect(found(assessed({ drainMs: drain - 1 }, DRAINED))).toEqual(['error OVER_BUDGET']);
    expect(assessed({ stopMs: stop - 1 }, DRAINED).verdict).toBe('fail');
  });

  test('of what was not seen is kept: nothing was in flight, and so there was no drain', () => {
    expect(assessed({ drainMs: 1 }).verdict).toBe('inconclusive');
  });

  test('of the latency is of the answers since the signal', () => {
    const { latencyMs } = assessed({}, DRAINED).requests;
    const p99 = latencyMs.after.p99 ?? 0;
    expect(p99).toBeGreaterThan(latencyMs.before.p99 ?? 0);
    expect(assessed({ latencyMs: p99 }, DRAINED).verdict).toBe('pass');
    expect(found(assessed({ latencyMs: p99 - 1 }, DRAINED))).toEqual(['error OVER_BUDGET']);
  });

  test('says which one it is, what it is, and what it was', () => {
    const { findings } = assessed({ drainMs: 500, stopMs: 600 }, DRAINED);
    expect(findings.map(({ args }) => args)).toMatchObject([
      { what: 'drain', limitMs: 500 },
      { what: 'stop', limitMs: 600 },
    ]);
    expect(findings[0]?.message).toMatch(/^The drain took .+ m?s, and `--max-drain` is 500 ms\.$/);
  });
});

describe('requests that were turned away', () => {
  const turnedAway = (many: number): readonly Told[] =>
    Array.from({ length: many }, () => ({ sentAt: -50, endAt: 100, status: 503 }));

  test('fail the run, however few they are', () => {
    const one = assessed({}, DRAINED, ...turnedAway(1));
    expect(one.verdict).toBe('fail');
    expect(found(one)).toEqual(['error REJECTED_IN_FLIGHT']);
  });

  test('are told and fail nothing where so many may be', () => {
    const two = assessed({ rejected: 2 }, DRAINED, ...turnedAway(2));
    expect(two).toMatchObject({ verdict: 'pass', requests: { heldAgainst: 0 } });
    expect(found(two)).toEqual(['info REJECTED_IN_FLIGHT']);
  });

  test('all count once there are more', () => {
    const three = assessed({ rejected: 2 }, DRAINED, ...turnedAway(3));
    expect(three).toMatchObject({ verdict: 'fail', requests: { heldAgainst: 3 } });
    expect(three.findings[0]?.message).toContain('`--max-rejected 2`');
  });

  test('take nothing else with them: what was cut still counts', () => {
    const cut: Told = { sentAt: -50, endAt: 900, ending: 'cutBefore', flags: ['fin'] };
    expect(assessed({ rejected: 9 }, DRAINED, ...turnedAway(1), cut)).toMatchObject({
      verdict: 'fail',
      requests: { heldAgainst: 1 },
    });
  });
});
