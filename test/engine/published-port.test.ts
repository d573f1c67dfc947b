import { expect, test } from 'vitest';

import { throughPublishedPort } from '../../scripts/classification/published-port.ts';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import type { RunRecord } from '../../src/result.ts';
import { runOn } from '../../src/run.ts';

const buildArgs = { NODE_IMAGE: process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim' };
const LIMIT_MS = 120_000;

async function runThrough(dockerfile: string): Promise<RunRecord> {
  await using engine = await connectDocker();
  const plan = await resolvePlan({
    target: `sample-apps/${dockerfile}`,
    buildArgs,
    graceMs: 2000,
    warmupMs: 1000,
    rate: 40,
  });
  return (await runOn(throughPublishedPort(engine), plan)).record;
}

test(
  'through a published port, refusals of a server that drains are not taken for losses',
  async () => {
    const { verdict, findings, requests, target } = await runThrough('drains/Dockerfile');
    expect(target.via).toBe('published-port');
    expect(requests.refused).toBeGreaterThan(requests.ambiguous);
    // Of one that crosses the listener's closing the proxy hides whether it was read, and then that is the answer.
    const expected =
      requests.ambiguous === 0
        ? { verdict: 'pass', codes: [], heldAgainst: 0 }
        : { verdict: 'inconclusive', codes: ['TOO_AMBIGUOUS'], heldAgainst: 0 };
    const codes = findings.map(({ code }) => code);
    expect({ verdict, codes, heldAgainst: requests.heldAgainst }).toEqual(expected);
  },
  LIMIT_MS,
);

test(
  'through a published port, what SIGKILL cuts off is lost, and whether it was read stays unknown',
  async () => {
    const { verdict, requests, termination } = await runThrough('drains/shell-form.Dockerfile');
    expect(verdict).toBe('fail');
    expect(termination.sigkillFired).toBe(true);
    expect(requests.lost).toBeGreaterThan(0);
    expect(requests).toMatchObject({ lostRead: 0, lostUnread: 0, lostUnknown: requests.lost });
  },
  LIMIT_MS,
);
