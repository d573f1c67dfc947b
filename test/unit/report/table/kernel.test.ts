import { expect, test } from 'vitest';

import type { Traced } from '../../../../src/kernel-record.ts';
import { endingLines, processLines } from '../../../../src/report/table/ending.ts';
import { kernelLines } from '../../../../src/report/table/kernel.ts';
import { timelineLines } from '../../../../src/report/table/timeline.ts';
import type { RunRecord } from '../../../../src/result.ts';
import { recorded } from '../../witness/kernel/recorded.ts';
import { PASS } from '../fixtures/records.ts';
import { SHELL } from '../fixtures/runs.ts';

const PLAIN = { color: false, width: 80, unicode: true };

function withKernel(kernel: RunRecord['observation']['kernel']): RunRecord {
  const lost = { code: 'IN_FLIGHT_LOST', severity: 'error', message: '', advice: null } as const;
  const findings = [{ ...lost, args: { lost: 3, truncated: 1, read: 4 } }];
  return { ...SHELL, findings, observation: { ...SHELL.observation, kernel } };
}

test('a listener that was last seen open before the signal closed no sooner than the signal came', () => {
  const { events, ...trace } = { ...recorded('shell-form') } as Traced;
  const sockets = [
    { atMs: -20, untilMs: 0.2, listening: [3000], connections: [] },
    { atMs: 30, untilMs: 90, listening: [], connections: [] },
  ];
  const run = withKernel({ ...trace, events });
  const lines = endingLines({ ...run, observation: { ...run.observation, sockets } }, PLAIN).join('\n');
  expect(lines).toContain('Listener closed between 10 ms and 30 ms');
});

test.each([
  ['where the listener closed early', 52, 'yes, once'],
  ['unless nothing shows that it was of use', 10_060, 'yes, then no'],
])('a handler for one signal is said to be one %s', (_title, listenerClosedAtMs, want) => {
  const [process] = PASS.processes;
  const processes = process ? [{ ...process, catchesAfter: false }] : [];
  const run = { ...SHELL, processes, termination: { ...SHELL.termination, listenerClosedAtMs } };
  expect(processLines(run, PLAIN).join('\n')).toContain(`catches SIGTERM: ${want}`);
});

test('the kernel’s story has a section of its own, each sentence with its time', () => {
  expect(kernelLines(withKernel(recorded('shell-form')), PLAIN).join('\n')).toBe(
    [
      'Kernel',
      '     10 ms  runc sent SIGTERM to sh (PID 1): ignored, for PID 1 has no handler',
      '            for it.',
      '    2.02 s  runc sent SIGKILL to sh (PID 1).',
      '    2.02 s  The kernel then killed MainThread, since PID 1 had ended, with 4',
      '            requests in flight.',
    ].join('\n'),
  );
});

test('the stop signal stands at the kernel’s moment in every section, and at the engine’s where there is no trace', () => {
  const termination = { ...SHELL.termination, signals: [{ signal: 'SIGTERM', atMs: 37, sender: 'engine' }] } as const;
  const told = (kernel: RunRecord['observation']['kernel']): string => {
    const run = { ...withKernel(kernel), termination };
    return [...timelineLines(run, PLAIN), ...endingLines(run, PLAIN)].join('\n');
  };
  expect(told(recorded('shell-form'))).toMatch(/S SIGTERM 10 ms[^]*SIGTERM at 10 ms by the engine/);
  expect(told({ kind: 'untraced', because: 'it is off' })).toMatch(/S SIGTERM 37 ms[^]*SIGTERM at 37 ms by the engine/);
});

test('what was lost is said', () => {
  const kernel = { ...recorded('exec-form'), lost: 2 };
  expect(kernelLines(withKernel(kernel), PLAIN).at(-1)).toBe(
    '  2 events more came faster than this program read them, and are missing here.',
  );
});

test('where the kernel was not asked, nothing is said of it', () => {
  expect(kernelLines(withKernel({ kind: 'untraced', because: 'that takes root' }), PLAIN)).toEqual([]);
});
