import { describe, expect, test } from 'vitest';

import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../../src/diagnosis/finding.ts';
import { LINT_CODES } from '../../src/lint/finding.ts';
import { shutdownCheck } from './support.ts';

describe('explain', () => {
  test('without a code lists all of them', async () => {
    const { exitCode, stdout } = await shutdownCheck(['explain']);
    expect(exitCode).toBe(0);
    const missing = [...CAUSES, ...CONSEQUENCES, ...ROLLOUT_CODES, ...LINT_CODES].filter(
      (code) => !stdout.includes(code),
    );
    expect(missing).toEqual([]);
  });

  test('shows the page of a code, however it is typed', async () => {
    const [upper, lower] = await Promise.all([
      shutdownCheck(['explain', 'SHELL_IS_PID1']),
      shutdownCheck(['explain', 'shell-is-pid1']),
    ]);
    expect(upper.exitCode).toBe(0);
    expect(upper.stdout).toMatch(/^SHELL_IS_PID1\n\n {2}A shell is PID 1.*\n[^]*\nWhat to change\n/);
    expect(lower.stdout).toBe(upper.stdout);
  });

  test('shows several, one after the other', async () => {
    const { stdout } = await shutdownCheck(['explain', 'OOM_KILLED', 'LATE_LOST']);
    expect(stdout).toMatch(/^OOM_KILLED\n[^]*\n\nLATE_LOST\n/);
  });

  test.each(LINT_CODES)('knows lint’s %s', async (code) => {
    const { exitCode, stdout } = await shutdownCheck(['explain', code]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${code}\\n\\n  `));
  });

  test('names the nearest code for one that there is not', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['explain', 'SHEL_IS_PID1']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('There is no code SHEL_IS_PID1. Did you mean SHELL_IS_PID1?');
  });
});
