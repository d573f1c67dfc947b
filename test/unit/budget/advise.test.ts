import { describe, expect, test } from 'vitest';

import { advise, type Conditions } from '../../../src/budget/advise.ts';
import type { Measurement } from '../../../src/budget/measurement.ts';
import { BROKEN, EARLY, KILLED, stop, UNCLEAR } from './stops.ts';

const POD: Conditions = {
  profile: 'kubernetes',
  routingLagMs: 2_000,
  preStop: { kind: 'sleep', sleepMs: 3_000 },
  load: { kind: 'requests', connections: 'both' },
};
const DOCKER: Conditions = { ...POD, profile: 'docker', routingLagMs: 0, preStop: null };
const HOOK = { kind: 'exec', command: ['drain'] } as const;
const POOLED = { kind: 'requests', connections: 'pooled' } as const;

function sleepOf(sleepMs: number): Partial<Conditions> {
  return { preStop: { kind: 'sleep', sleepMs } };
}

function recommended(stops: readonly Measurement[], conditions: Conditions) {
  const advice = advise(stops, conditions);
  if (advice.kind !== 'recommended') throw new Error(advice.kind);
  return advice;
}

describe('the grace period', () => {
  test.each([
    ['half as much again as the longest', [5_100, 900], { seconds: 11, margin: { kind: 'times', factor: 1.5 } }],
    ['two seconds more where that is more', [250, 90], { seconds: 6, margin: { kind: 'plus', seconds: 2 } }],
    ['either where they are the same', [4_000], { seconds: 9 }],
    ['that rounded up to a whole second', [5_340], { seconds: 12 }],
  ])('is the preStop sleep and %s', (_, exits, want) => {
    const stops = exits.map((exit) => stop({ exit }));
    const terms = { sleepS: 3, longestMs: Math.max(...exits), of: exits.length, what: 'exit' };
    expect(recommended(stops, POD).grace).toMatchObject({ ...terms, ...want });
  });

  test('of a stop without preStop is for the exit alone', () => {
    const stops = [stop({ preStopMs: null, exit: 5_100 })];
    expect(recommended(stops, DOCKER)).toMatchObject({ sleep: null, grace: { sleepS: null, seconds: 8 } });
    expect(recommended([stop({ exit: 5_100 })], POD).dockerGrace).toMatchObject({ sleepS: null, seconds: 8 });
  });

  test('is for a hook of the app’s own and the exit together, stop by stop', () => {
    const stops = [stop({ preStopMs: 6_000, exit: 1_000 }), stop({ preStopMs: 4_000, exit: 4_000 })];
    const { sleep, grace } = recommended(stops, { ...POD, preStop: HOOK });
    expect(sleep).toBeNull();
    expect(grace).toMatchObject({ what: 'hookAndExit', sleepS: null, longestMs: 8_000, seconds: 12 });
  });

  test('counts only stops that were measured', () => {
    const { grace } = recommended([stop({ exit: 300 }), { ...UNCLEAR, exit: 9_000 }, stop({ exit: null })], POD);
    expect(grace).toMatchObject({ longestMs: 300, of: 1 });
  });
});

describe('the preStop sleep', () => {
  test.each<[string, Partial<Conditions>, readonly Measurement[], object | null]>([
    ['covers the routing lag', {}, [stop()], { seconds: 3, why: 'coversLag' }],
    ['covers a lag that is no whole second', { routingLagMs: 2_500 }, [stop()], { seconds: 3 }],
    ['is no longer than it need be', sleepOf(9_000), [stop()], { seconds: 3 }],
    ['covers it where a shorter one did not', sleepOf(1_000), [stop(), EARLY], { seconds: 3, why: 'coversLag' }],
    ['stays shorter where the app lingers', sleepOf(1_000), [stop()], { seconds: 1, why: 'lingers' }],
    ['is none where it lingers without', sleepOf(0), [stop()], { seconds: 0, why: 'lingers' }],
    ['outlasts the lag, though one that ends with it went well', sleepOf(2_000), [stop()], { seconds: 3 }],
    [
      'covers it where no connection was made that could be refused',
      { ...sleepOf(0), load: POOLED },
      [stop()],
      { seconds: 3 },
    ],
    ['is none without a lag', { routingLagMs: 0 }, [stop()], null],
    ['is none for a worker', { load: { kind: 'none', connections: 'both' } }, [stop()], null],
    ['is none in a stop that has no preStop', DOCKER, [stop()], null],
    ['is none where a hook outlasts the lag', { preStop: HOOK, load: POOLED }, [stop()], null],
    ['is none where nothing was refused after a hook', { preStop: HOOK }, [stop({ preStopMs: 20 })], null],
    ['covers it where a hook was too short', { preStop: HOOK }, [{ ...EARLY, preStopMs: 20 }], { seconds: 3 }],
  ])('%s', (_, conditions, stops, want) => {
    const { sleep } = recommended(stops, { ...POD, ...conditions });
    if (want === null) expect(sleep).toBeNull();
    else expect(sleep).toMatchObject(want);
  });
});

test.each([
  ['noBound', [stop(), KILLED, BROKEN]],
  ['mendFirst', [stop(), BROKEN, UNCLEAR]],
  ['unclear', [UNCLEAR]],
  ['unclear', []],
  ['recommended', [stop(), UNCLEAR]],
  ['recommended', [EARLY]],
])('%s: what is wrong goes before any figure', (kind, stops) => {
  expect(advise(stops, POD).kind).toBe(kind);
});
