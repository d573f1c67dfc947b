import { expect, test } from 'vitest';

import { type Progress, type Result, run, type RunOptions } from '../../src/index.ts';

const buildArgs = { NODE_IMAGE: process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim' };
const LIMIT_MS = 180_000;

async function proven(options: RunOptions): Promise<{ result: Result; told: readonly string[]; ledgers: number }> {
  const told: string[] = [];
  const onProgress = (progress: Progress): void => {
    if (progress.kind === 'stage' && progress.stage === 'prove') told.push(progress.text);
  };
  const { result, ledgers } = await run(
    { buildArgs, graceMs: 3000, warmupMs: 2000, prove: true, ...options },
    { onProgress },
  );
  return { result, told, ledgers: ledgers.length };
}

test(
  'the exec form mends an app behind a shell, and an init does not',
  async () => {
    const { result, told, ledgers } = await proven({ target: 'sample-apps/drains/shell-form.Dockerfile' });
    expect({ verdict: result.verdict, runs: result.runs.length, ledgers }).toEqual({
      verdict: 'fail',
      runs: 1,
      ledgers: 1,
    });
    expect(result.runs[0]?.proofs).toMatchObject([
      {
        remedy: 'exec-form',
        verdict: 'pass',
        heldAgainst: 0,
        sigkillFired: false,
        exitCode: 0,
        lines: [{ where: 'Dockerfile', text: 'CMD ["node", "server.js"]' }],
      },
      { remedy: 'init', verdict: 'fail', sigkillFired: false, cause: 'NAMESPACE_TEARDOWN', lines: [] },
    ]);
    expect(told).toEqual(expect.arrayContaining(['CMD ["node", "server.js"]: pass', '--init: fail']));
  },
  LIMIT_MS,
);

test(
  'nothing mends an app without a handler',
  async () => {
    const { result } = await proven({ target: 'sample-apps/no-handler/Dockerfile' });
    expect(result.runs[0]?.proofs.map(({ change, verdict, lines }) => [change, verdict, lines.length])).toEqual([
      ['STOPSIGNAL SIGINT', 'fail', 0],
      ['STOPSIGNAL SIGQUIT', 'fail', 0],
      ['--init', 'fail', 0],
    ]);
  },
  LIMIT_MS,
);

test(
  'where the handler needs longer than it has behind its shell, two changes mend it together',
  async () => {
    const { result } = await proven({
      target: 'sample-apps/drains/shell-form.Dockerfile',
      env: { WORK_MS: '3000' },
      rate: 3,
      graceMs: 2000,
      requestTimeoutMs: 20_000,
      warmupMs: 4000,
    });
    const proofs = result.runs[0]?.proofs ?? [];
    expect(proofs.map(({ after, remedy, verdict }) => [after.length, remedy, verdict])).toEqual([
      [0, 'exec-form', 'fail'],
      [0, 'init', 'fail'],
      [1, 'grace', 'pass'],
    ]);
    expect(proofs[0]?.cause).toBe('HANDLER_EXCEEDS_GRACE');
    expect(proofs[2]?.lines.map(({ text }) => text)).toEqual([
      'CMD ["node", "server.js"]',
      expect.stringMatching(/^docker stop -t \d+$/),
      expect.stringMatching(/^stop_grace_period: \d+s$/),
      expect.stringMatching(/^terminationGracePeriodSeconds: \d+$/),
    ]);
  },
  LIMIT_MS,
);
