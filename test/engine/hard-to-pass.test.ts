import { expect, test } from 'vitest';

import { run, type Verdict } from '../../src/index.ts';

const STOPS = 4;
const LIMIT_MS = 180_000;
const buildArgs = { NODE_IMAGE: process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim' };

/** Verdicts of a few stops; `npm run verify:stops` makes two hundred. */
async function stop(env: Readonly<Record<string, string>>): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let n = 0; n < STOPS; n++) {
    const { result } = await run({ target: 'sample-apps/drains', buildArgs, env, warmupMs: 1500 });
    verdicts.push(result.verdict);
  }
  return verdicts;
}

test.each([
  ['of 2 ms, where much crosses with the closing', { WORK_MS: '2' }],
  ['that burns 20 ms of processor time, where requests wait for each other', { WORK_MS: '0', BURN_MS: '20' }],
])(
  'an app that drains passes with a handler %s',
  async (_title, env) => {
    const verdicts = await stop(env);
    expect(verdicts).not.toContain('fail');
    // Nothing in flight by chance is honest, and rare.
    expect(verdicts.filter((verdict) => verdict === 'inconclusive').length).toBeLessThanOrEqual(1);
  },
  LIMIT_MS,
);
