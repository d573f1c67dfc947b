import { describe, expect, test } from 'vitest';

import { noOutcomes, type OutcomeCounts } from '../../../../src/load/outcomes.ts';
import { verdictLine } from '../../../../src/report/table/verdict-line.ts';
import type { RunRecord } from '../../../../src/result.ts';
import type { Finding } from '../../../../src/diagnosis/finding.ts';
import { say } from '../../../../src/diagnosis/say.ts';
import { PASS } from '../fixtures/records.ts';
import { STARTING, WORKER } from '../fixtures/runs.ts';

const line = (stopSignal: string, exitCode: number, signals: RunRecord['termination']['signals'] = []): string =>
  verdictLine(
    {
      ...PASS,
      verdict: 'fail',
      requests: { ...PASS.requests, heldAgainst: 2 },
      target: { ...PASS.target, stopSignal },
      termination: { ...PASS.termination, sigkillFired: false, exitCode, signals },
    },
    { color: false, width: 200, unicode: true },
  );

test('a loss is said to be one without SIGKILL only where there was none', () => {
  const killed = { signal: 'SIGKILL', atMs: 12, sender: 'other' } as const;
  expect(line('SIGTERM', 0)).toContain('sent, without any SIGKILL; exit code 0.');
  expect(line('SIGTERM', 137, [killed])).toContain('sent; exit code 137.');
  expect(line('SIGKILL', 137)).toContain('sent, by SIGKILL, which is its stop signal; exit code 137.');
});

describe('what the stop cost', () => {
  const cost = (heldAgainst: number, after: Partial<OutcomeCounts>, lostUnread = 0): string => {
    const byPhase = { ...PASS.requests.byPhase, after: { ...noOutcomes(), ...after } };
    const requests = { ...PASS.requests, heldAgainst, byPhase, lostUnread };
    return verdictLine({ ...PASS, verdict: 'fail', requests }, { color: false, width: 200, unicode: true });
  };

  test('is told by its kinds where it is of several', () => {
    expect(cost(53, { badStatus: 50, rejected: 1, lost: 2, refused: 48 })).toContain(
      ' sent (51 answered with an error, 2 cut off)',
    );
    expect(cost(53, { badStatus: 51, lost: 3, refused: 48 }, 1)).toContain(
      ' sent (51 answered with an error, 2 cut off)',
    );
    expect(cost(25, { lost: 1, truncated: 1, refused: 23 })).toContain(' sent (2 cut off, 23 refused)');
  });

  test.each([
    ['of one kind', 2, { lost: 2, refused: 4 }],
    ['excused in part, so that the counts do not tell', 2, { lost: 2, badStatus: 3 }],
  ])('is told alone where it is %s', (_, heldAgainst, after) => {
    expect(cost(heldAgainst, after)).toMatch(/^FAIL {2}The stop cost 2 requests of [\d,]+ sent, without/);
  });
});

describe('a limit that was passed', () => {
  const over = say('error', 'OVER_BUDGET', { what: 'drain', limitMs: 2_000, wasMs: 4_100 });
  const told = (run: RunRecord, ...findings: readonly Finding[]): string =>
    verdictLine({ ...run, verdict: 'fail', findings }, { color: false, width: 300, unicode: true });

  test('is what the verdict says where nothing else is wrong', () => {
    expect(told(PASS, over)).toBe(
      'FAIL  Nothing was lost, but the drain took 4.1 s, and `--max-drain` is 2 s; exit code 0.',
    );
    const stop = say('error', 'OVER_BUDGET', { what: 'stop', limitMs: 500, wasMs: 6_000 });
    expect(told(PASS, over, stop)).toContain('is 2 s; the stop took 6 s, and `--max-stop` is 500 ms; exit code 0.');
    const { termination } = PASS;
    expect(
      told({ ...WORKER, jobs: { started: 3, finished: 3, lost: 0, underWayAtSignal: 1 }, termination }, stop),
    ).toBe('FAIL  No job was lost, but the stop took 6 s, and `--max-stop` is 500 ms; exit code 0.');
    expect(told({ ...STARTING, termination }, stop)).toContain('nothing was lost, but the stop took 6 s');
  });

  test('is told to be passed, however little that is', () => {
    const little = say('error', 'OVER_BUDGET', { what: 'drain', limitMs: 2_000, wasMs: 2_000.4 });
    expect(told(PASS, little)).toContain('the drain took 2001 ms, and `--max-drain` is 2000 ms');
  });
});

test('what may be turned away is told beside a pass', () => {
  const allowed = say('info', 'REJECTED_IN_FLIGHT', { rejected: 2, allowed: 5, isAllowed: true });
  const text = verdictLine({ ...PASS, findings: [allowed] }, { color: false, width: 300, unicode: true });
  expect(text).toMatch(
    /^PASS .+\. 2 requests were turned away with 503 or 429 and should have been served; `--max-rejected 5` allows so many\.$/,
  );
});
