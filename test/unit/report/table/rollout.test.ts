import { expect, test } from 'vitest';

import { beginNow, summarize } from '../../../../src/record.ts';
import type { Look } from '../../../../src/report/look.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { Result } from '../../../../src/result.ts';
import { assessRollout } from '../../../../src/rollout/assess.ts';
import { recordRollout, type RolloutRecord } from '../../../../src/rollout/record.ts';
import { expectGolden } from '../../../golden/golden.ts';
import type { Told } from '../../observed.ts';
import { healthy, killed, ledgerOf, replacement, rolloutOf, type Said, server, users } from '../../rollout/observed.ts';
import { PASS } from '../fixtures/records.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };
const engine = { kind: 'docker', version: '20.10.24', apiVersion: '1.41' } as const;

function recordOf(during: readonly Told[], said: Said): RolloutRecord {
  const observation = rolloutOf(said);
  return recordRollout(observation, assessRollout(observation, ledgerOf(...healthy(), ...during)), 12_345);
}

function resultOf(rollouts: readonly RolloutRecord[], runs: Result['runs'] = []): Result {
  return { ...summarize(engine, beginNow(), runs, rollouts), durationMs: 41_234 };
}

/** Answered every tenth of a second. */
function steady(fromMs: number, untilMs: number): readonly Told[] {
  return Array.from({ length: (untilMs - fromMs) / 100 }, (_, nth) => ({ endAt: fromMs + 100 * nth }));
}

const PRE_STOP = {
  preStop: { end: 'done', because: null, endedAtMs: 3_000 },
  signalledAtMs: 3_001,
  events: [
    { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 3_010 },
    { action: 'die', signal: null, exitCode: 0, atMs: 3_300 },
  ],
  exit: { ...replacement(1, 0).exit, atMs: 3_300 },
  endedAtMs: 4_300,
} as const;

const GOOD = recordOf(steady(0, 9_000), {
  plan: { preStop: { kind: 'sleep', sleepMs: 3_000 } },
  users: users({ '2xx': 110 }),
  replacements: [replacement(1, 0, PRE_STOP), replacement(2, 4_400, { ...PRE_STOP, endedAtMs: 8_700 })],
});

const AGAIN = recordOf([...steady(0, 6_000), { sentAt: 1_400, endAt: 6_700 }, { sentAt: 4_400, endAt: 9_700 }], {
  users: users({ '2xx': 82 }),
  odd: [
    { row: 80, server: 'r3', retries: 1, status: 200, ending: '--' },
    { row: 81, server: 'r3', retries: 1, status: 200, ending: '--' },
  ],
  servers: { r1: server({ given: 60, redispatches: 1 }), r2: server({ given: 61, redispatches: 1 }) },
});

const LOST = recordOf(
  [
    ...steady(0, 60_000),
    { sentAt: 900, endAt: 31_050, status: 502 },
    { sentAt: 950, endAt: 31_050, ending: 'cutBefore', flags: ['reused'] },
    { sentAt: 32_900, endAt: 63_050, status: 502 },
    { sentAt: 33_000, endAt: 63_060, status: 502 },
  ],
  {
    plan: { balancer: { kind: 'image', reference: 'haproxy:3.2' }, balancerRetries: 0 },
    users: users({ '2xx': 620, '5xx': 3 }, 624),
    odd: [
      { row: 620, server: 'r1', retries: 0, status: 502, ending: 'SH' },
      { row: 622, server: 'r2', retries: 0, status: 502, ending: 'SH' },
      { row: 623, server: 'r2', retries: 0, status: 502, ending: 'SH' },
    ],
    replacements: [killed(1, 0), killed(2, 32_000)],
  },
);

const SCENARIO = { scenario: 'rollout-drains', expected: { verdict: 'pass' }, asExpected: true } as const;
const ODD = {
  scenario: 'rollout-no-retries',
  expected: { verdict: 'pass' },
  asExpected: false,
  unexpected: ['verdict fail, expected pass'],
} as const;

const REPORTS: readonly (readonly [string, Result])[] = [
  ['pass', resultOf([GOOD])],
  ['sent-again', resultOf([AGAIN])],
  ['lost', resultOf([LOST])],
  [
    'scenarios',
    resultOf(
      [
        { ...GOOD, ...SCENARIO },
        { ...LOST, ...ODD },
      ],
      [{ ...PASS, scenario: 'exec-form', asExpected: true }],
    ),
  ],
];

test.each(REPORTS)(
  'the report of a roll-out (%s) reads as its golden file, within 80 columns',
  async (name, result) => {
    const report = renderReport(result, PLAIN);
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expectGolden(`rollout-${name}.txt`, report);
  },
);

test('only the look decides about characters beyond ASCII', () => {
  for (const [, result] of REPORTS)
    expect(renderReport(result, { ...PLAIN, unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
});

test('a result is as bad as the worst of its roll-outs and runs', () => {
  expect(REPORTS.map(([, { verdict }]) => verdict)).toEqual(['pass', 'pass', 'fail', 'fail']);
  expect(resultOf([{ ...LOST, ...ODD }]).asExpected).toBe(false);
});
