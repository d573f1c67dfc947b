import { expect, test } from 'vitest';

import { verdictLine } from '../../../../src/report/table/verdict-line.ts';
import type { RunRecord } from '../../../../src/result.ts';
import { PASS } from '../fixtures/records.ts';

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
