import { expect, test } from 'vitest';

import { exec, type Progress } from '../../src/index.ts';

const LIMIT_MS = 60_000;

test(
  'an app behind a shell is mended without the shell, and by an init it is not',
  async () => {
    const told: string[] = [];
    const onProgress = (progress: Progress): void => {
      if (progress.kind === 'stage' && progress.stage === 'prove') told.push(progress.text);
    };
    const { result, ledgers } = await exec(
      { command: ['sh', '-c', 'node server.js'], directory: 'sample-apps/drains', graceMs: 1_000, prove: true },
      { onProgress },
    );
    const [run] = result.runs;
    expect({ verdict: result.verdict, runs: result.runs.length, ledgers: ledgers.length }).toEqual({
      verdict: 'fail',
      runs: 1,
      ledgers: 1,
    });
    expect(run?.findings[0]).toMatchObject({
      code: 'SHELL_IS_PID1',
      advice: expect.stringContaining('Start it as `node server.js` (in a Dockerfile: `CMD ["node", "server.js"]`)'),
    });
    expect(run?.termination).toMatchObject({ sigkillFired: true, sigkillEvidence: 'event', exitCode: 137 });
    expect(run?.termination.signals.map(({ signal, sender }) => `${signal} ${sender}`)).toEqual([
      'SIGTERM harness',
      'SIGKILL harness',
    ]);
    expect(run?.proofs).toMatchObject([
      {
        remedy: 'exec-form',
        change: 'node server.js',
        verdict: 'pass',
        heldAgainst: 0,
        sigkillFired: false,
        exitCode: 0,
        lines: [
          { where: 'Command', text: 'node server.js' },
          { where: 'Dockerfile', text: 'CMD ["node", "server.js"]' },
        ],
      },
      { remedy: 'init', change: '--init', lines: [] },
    ]);
    expect(told).toContain('node server.js: pass');
    // Where none is installed, nothing can be said of one.
    expect(run?.proofs[1]?.cause ?? run?.proofs[1]?.skippedBecause).toMatch(/^NAMESPACE_TEARDOWN$|There is no init/);
  },
  LIMIT_MS,
);

test(
  'an app behind npm is mended by what npm was seen to run',
  async () => {
    const { result } = await exec({
      command: ['npm', 'start'],
      directory: 'sample-apps/drains',
      env: { WORK_MS: '1000' },
      rate: 10,
      graceMs: 2_000,
      prove: true,
    });
    expect(result.verdict).toBe('fail');
    expect(result.runs[0]?.proofs[0]).toMatchObject({ change: 'node server.js', verdict: 'pass', heldAgainst: 0 });
  },
  LIMIT_MS,
);

test(
  'a handler that takes longer than a grace period of less than a second is given more, in steps',
  async () => {
    const { result } = await exec({
      command: ['node', 'server.js'],
      directory: 'sample-apps/drains',
      env: { WORK_MS: '1000' },
      rate: 5,
      warmupMs: 2_000,
      graceMs: 300,
      maxGraceMs: 4_000,
      prove: true,
    });
    const proofs = result.runs[0]?.proofs ?? [];
    expect(result.runs[0]?.findings[0]?.code).toBe('HANDLER_EXCEEDS_GRACE');
    expect(proofs.map(({ change, verdict }) => `${change}: ${verdict}`)).toContain('grace period 600 ms: fail');
    expect(proofs.at(-1)).toMatchObject({ remedy: 'grace', verdict: 'pass' });
    expect(proofs.at(-1)?.lines.map(({ where }) => where)).toEqual(['docker', 'Compose', 'Kubernetes', 'systemd']);
  },
  LIMIT_MS,
);
