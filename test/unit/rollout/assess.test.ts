import { describe, expect, test } from 'vitest';

import { assessRollout, type RolloutAssessment } from '../../../src/rollout/assess.ts';
import type { Told } from '../observed.ts';
import { healthy, killed, ledgerOf, replacement, rolloutOf, type Said, server, users } from './observed.ts';

/** So many requests were answered before it began. */
const BEFORE = 20;

/** A roll-out of users who were all answered before, and of whom these came while it went on. */
function assessed(during: readonly Told[], said: Said): RolloutAssessment {
  return assessRollout(rolloutOf(said), ledgerOf(...healthy(BEFORE), ...during));
}

function codesOf({ findings }: RolloutAssessment): readonly string[] {
  return findings.map(({ code }) => code);
}

describe('what users saw', () => {
  test('a roll-out in which everybody is answered passes', () => {
    const { verdict, findings, requests } = assessed([{ endAt: 500 }, { endAt: 1500 }], {
      users: users({ '2xx': 22 }),
    });
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] });
    expect(requests).toMatchObject({ sent: 22, completed: 22, byPhase: { before: { completed: 20 } } });
  });

  test('what the balancer answered by itself fails it, and is told as the balancer’s', () => {
    const odd = [{ row: 20, server: 'r1', retries: 0, status: 502, ending: 'SH' }];
    const { verdict, requests, replacements, findings } = assessed([{ endAt: 1100, status: 502 }], {
      odd,
      users: users({ '2xx': 20, '5xx': 1 }),
    });
    expect(verdict).toBe('fail');
    expect(requests.failures).toEqual([{ outcome: 'badStatus', status: 502, by: 'balancer', count: 1 }]);
    expect(replacements.map(({ failures }) => failures.old.length)).toEqual([1, 0]);
    expect(findings[0]?.message).toContain('1 of 1 request failed for users: 1 answered 502 by the balancer.');
  });

  test('an error of the app’s own is told as the app’s, and at which container it was', () => {
    const odd = [{ row: 20, server: 'r3', retries: 0, status: 500, ending: '--' }];
    const { requests, replacements } = assessed([{ endAt: 900, status: 500 }], {
      odd,
      users: users({ '2xx': 20, '5xx': 1 }),
    });
    expect(requests.failures).toEqual([{ outcome: 'badStatus', status: 500, by: 'app', count: 1 }]);
    expect(replacements.map(({ failures }) => [failures.old.length, failures.new.length])).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });

  test('a connection that the balancer closed without a word belongs to the replica that was being stopped', () => {
    const { verdict, replacements } = assessed([{ endAt: 4200, ending: 'cutBefore', flags: ['reused'] }], {
      users: users({ '2xx': 20 }, 21),
    });
    expect(verdict).toBe('fail');
    expect(replacements.map(({ failures }) => failures.old)).toEqual([
      [],
      [{ outcome: 'lost', status: null, by: null, count: 1 }],
    ]);
  });

  test('what was sent again and answered fails nothing, and is told with what it took', () => {
    const odd = [{ row: 20, server: 'r2', retries: 1, status: 200, ending: '--' }];
    const result = assessed([{ sentAt: 1200, endAt: 6400 }], {
      odd,
      users: users({ '2xx': 21 }),
      servers: { r1: server({ given: 60, redispatches: 1 }) },
    });
    expect(result.verdict).toBe('pass');
    expect(codesOf(result)).toEqual(['SENT_AGAIN']);
    expect(result.findings[0]).toMatchObject({ severity: 'warning', advice: expect.stringContaining('sleep:3s') });
    expect(result.findings[0]?.message).toContain('waited up to 5.2 s, where 200 ms is usual');
    expect(result.requests).toMatchObject({ sentAgain: 1, latencyMs: { sentAgain: { max: 5200 } } });
    expect(result.replacements.map(({ sentAgain }) => sentAgain)).toEqual([1, 0]);
  });

  test('each request ends in exactly one of the eight outcomes', () => {
    const { requests } = assessed(
      [
        { endAt: 500, status: 503 },
        { endAt: 600, ending: 'cutInside', status: 200 },
        { endAt: 700, ending: 'fault' },
      ],
      { users: users({ '2xx': 21, '5xx': 1 }) },
    );
    const { sent, completed, rejected, truncated } = requests;
    expect({ sent, completed, rejected, truncated }).toEqual({ sent: 22, completed: 20, rejected: 1, truncated: 1 });
  });
});

describe('how replicas ended', () => {
  test('a SIGKILL fails it although no user noticed', () => {
    const result = assessed([{ endAt: 500 }], {
      users: users({ '2xx': 21 }),
      replacements: [killed(1, 0), killed(2, 32_000)],
    });
    expect(result.verdict).toBe('fail');
    expect(codesOf(result)).toEqual(['KILLED_IN_ROLLOUT']);
    expect(result.findings[0]?.message).toMatch(/^Both replicas got SIGKILL .* No user lost a request by it/);
  });

  test('an exit code that is not accepted fails it', () => {
    const bad = { ...replacement(2, 3000).exit, exitCode: 1 };
    const result = assessed([{ endAt: 500 }], {
      users: users({ '2xx': 21 }),
      replacements: [replacement(1, 0), replacement(2, 3000, { exit: bad })],
    });
    expect(result.verdict).toBe('fail');
    expect(codesOf(result)).toEqual(['UNEXPECTED_EXIT_CODE']);
    expect(result.findings[0]?.message).toContain('So it was with 1 of 2 replicas.');
  });

  test('a preStop hook that failed is told once', () => {
    const preStop = { end: 'failed', because: 'exit code 127', endedAtMs: 40 } as const;
    const result = assessed([{ endAt: 500 }], {
      plan: { preStop: { kind: 'exec', command: ['sleep', '5'] } },
      users: users({ '2xx': 21 }),
      replacements: [replacement(1, 0, { preStop }), replacement(2, 3000, { preStop })],
    });
    expect({ verdict: result.verdict, codes: codesOf(result) }).toEqual({ verdict: 'pass', codes: ['PRESTOP_FAILED'] });
  });
});

describe('inconclusive takes the place of a pass', () => {
  test('where requests failed before it began, and then those in it do not count', () => {
    const observation = rolloutOf({ users: users({ '2xx': 19, '5xx': 2 }) });
    const ledger = ledgerOf(...healthy(19), { endAt: -50, status: 500 }, { endAt: 600, status: 500 });
    const result = assessRollout(observation, ledger);
    expect({ verdict: result.verdict, codes: codesOf(result) }).toEqual({
      verdict: 'inconclusive',
      codes: ['UNHEALTHY_BEFORE_ROLLOUT'],
    });
  });

  test('where a replica had no request at its stop, and got none after it', () => {
    const idle = replacement(2, 3000, { atT0: server({ current: 0, given: 60 }) });
    const result = assessed([{ endAt: 500 }], {
      users: users({ '2xx': 21 }),
      replacements: [replacement(1, 0), idle],
    });
    expect({ verdict: result.verdict, codes: codesOf(result) }).toEqual({
      verdict: 'inconclusive',
      codes: ['REPLICA_IDLE'],
    });
    expect(result.findings[0]?.message).toMatch(/^Replica 2 had no request/);
  });

  test('where the load missed its own limits', () => {
    const harness = { latenessMs: { p50: 1, p99: 900, max: 2000 } };
    const result = assessed([{ endAt: 500 }], { users: users({ '2xx': 21 }), harness });
    expect({ verdict: result.verdict, codes: codesOf(result) }).toEqual({
      verdict: 'inconclusive',
      codes: ['HARNESS_LIMIT'],
    });
  });

  test('where the balancer counted otherwise', () => {
    const result = assessed([{ endAt: 500 }], { users: users({ '2xx': 22 }) });
    expect({ verdict: result.verdict, codes: codesOf(result) }).toEqual({
      verdict: 'inconclusive',
      codes: ['COUNTS_DISAGREE'],
    });
    expect(result.findings[0]?.message).toContain('requests 22, not 21; 2xx 22, not 21');
  });
});

describe('the balancer’s own counters', () => {
  test('agree where a 503 of its own and a connection that it closed without a word are one count', () => {
    const { agreement } = assessed(
      [
        { endAt: 1100, status: 503 },
        { endAt: 1200, ending: 'cutBefore' },
      ],
      { users: users({ '2xx': 20, '5xx': 1 }, 22) },
    );
    expect(agreement).toEqual([
      { what: 'requests', ours: 22, balancers: 22, agrees: true },
      { what: '2xx', ours: 20, balancers: 20, agrees: true },
      { what: '5xx, or no answer', ours: 2, balancers: 2, agrees: true },
    ]);
  });

  test('a user who gave up waiting may have an answer that only the balancer knows of', () => {
    const { agreement } = assessed([{ endAt: 1100, ending: 'deadline' }], { users: users({ '2xx': 21 }) });
    expect(agreement.every(({ agrees }) => agrees)).toBe(true);
  });

  test('what was never written to the balancer is none of its requests', () => {
    const { agreement } = assessed([{ sentAt: null, endAt: 1100, ending: 'notConnected' }], {
      users: users({ '2xx': 20 }),
    });
    expect(agreement[0]).toEqual({ what: 'requests', ours: 20, balancers: 20, agrees: true });
  });
});
