import { describe, expect, test } from 'vitest';

import { measure } from '../../../src/budget/measurement.ts';
import type { FindingCode } from '../../../src/diagnosis/finding.ts';
import type { RunRecord, TerminationRecord, Verdict } from '../../../src/result.ts';
import { PASS } from '../report/fixtures/records.ts';
import { NOTHING, SHELL, WORKER } from '../report/fixtures/runs.ts';

/** A run that ended so, with these findings, errors where it failed. */
function ended(
  verdict: Verdict,
  codes: readonly FindingCode[],
  termination: Partial<TerminationRecord> = {},
): RunRecord {
  const severity = verdict === 'fail' ? 'error' : 'warning';
  return {
    ...PASS,
    verdict,
    termination: { ...PASS.termination, ...termination },
    findings: codes.map((code) => ({ code, severity, message: '', advice: null, args: {} })),
  };
}

test('a stop that went well is measured from its signal on', () => {
  const preStop = { endedAtMs: 3_001, end: 'done', because: null } as const;
  const run = ended('pass', [], { preStop, exitedAtMs: 3_240, drainMs: 180 });
  const late = { ...run, observation: { ...run.observation, signalFromMs: 3_010, signalByMs: 3_020 } };
  expect(measure(late)).toEqual({
    ratePerSecond: 60,
    preStopMs: 3_001,
    drain: 180,
    exit: 230,
    worth: 'whole',
    why: null,
  });
});

describe('SIGKILL', () => {
  const killed = { sigkillFired: true, exitedAtMs: 10_052 } as const;

  test('cuts the exit, and a drain that was not over', () => {
    const run = ended('fail', ['HANDLER_EXCEEDS_GRACE'], { ...killed, drainMs: 10_020 });
    expect(measure(run)).toMatchObject({ worth: 'killed', why: 'HANDLER_EXCEEDS_GRACE', drain: 'cut', exit: 'cut' });
  });

  test('does not cut a drain that was over long before', () => {
    const run = ended('fail', ['STUCK_ON_CONNECTIONS'], { ...killed, drainMs: 410 });
    expect(measure(run)).toMatchObject({ worth: 'killed', drain: 410, exit: 'cut' });
  });
});

test.each([
  ['whole', ended('pass', [])],
  ['whole', ended('pass', ['READINESS_STAYED_UP'])],
  ['killed', SHELL],
  ['broken', ended('fail', ['ABRUPT_EXIT', 'IN_FLIGHT_LOST'])],
  ['broken', ended('fail', ['UNEXPECTED_EXIT_CODE'])],
  ['broken', ended('fail', ['REFUSED_WHILE_ROUTED', 'LATE_LOST'])],
  ['broken', ended('fail', [])],
  ['early', ended('fail', ['REFUSED_WHILE_ROUTED'])],
  ['unclear', NOTHING],
])('a stop counts as %s by its verdict and its errors', (worth, run) => {
  expect(measure(run).worth).toBe(worth);
});

test('a worker has no rate', () => {
  expect(measure(WORKER)).toMatchObject({ ratePerSecond: null, drain: null });
});
