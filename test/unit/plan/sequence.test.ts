import { describe, expect, test } from 'vitest';

import { coveringSleepMs } from '../../../src/plan/covering-sleep.ts';
import type { PreStopPlan } from '../../../src/plan/plan.ts';
import { parsePreStop, shortPreStop } from '../../../src/plan/pre-stop.ts';
import { resolveSequence } from '../../../src/plan/sequence.ts';

const http = (path: string, port: number | null = null): PreStopPlan => ({
  kind: 'http',
  port,
  path,
  headers: {},
  tls: false,
});

describe('a preStop hook', () => {
  test.each<[string, PreStopPlan]>([
    ['exec:sleep 5', { kind: 'exec', command: ['sleep', '5'] }],
    ["exec:sh -c 'nginx -s quit; sleep 5'", { kind: 'exec', command: ['sh', '-c', 'nginx -s quit; sleep 5'] }],
    ['http:/drain', http('/drain')],
    ['http:8081/drain?now=1', http('/drain?now=1', 8081)],
    ['sleep:5s', { kind: 'sleep', sleepMs: 5000 }],
    ['sleep:1m', { kind: 'sleep', sleepMs: 60_000 }],
  ])('is read from %s, and told as that again', (text, plan) => {
    expect(parsePreStop(text)).toEqual(plan);
    expect(parsePreStop(shortPreStop(plan))).toEqual(plan);
  });

  test.each([
    '',
    'sleep 5',
    'exec:',
    'exec:a; b',
    'exec:$SLEEP',
    'http:drain',
    'http:/a b',
    'sleep:soon',
    'tcp:80',
    5,
    null,
  ])('is none in %j', (text) => expect(parsePreStop(text)).toBeNull());

  test('that needs a shell is refused with the construct that does, and what to write', () => {
    expect(() => resolveSequence({ profile: 'kubernetes', preStop: 'exec:nginx -s quit; sleep 5' })).toThrow(
      "`;` joins commands. Write exec:sh -c '...'",
    );
  });
});

describe('the sequence', () => {
  test('of docker stop routes nothing after T0 and has 10 s', () => {
    expect(resolveSequence({})).toEqual({
      profile: 'docker',
      graceMs: 10_000,
      routingLagMs: 0,
      pooledAfterLag: 'go',
      preStop: null,
    });
  });

  test('of a pod is routed to for 2 s more and has 30 s', () => {
    expect(resolveSequence({ profile: 'kubernetes', preStop: 'sleep:5s' })).toEqual({
      profile: 'kubernetes',
      graceMs: 30_000,
      routingLagMs: 2000,
      pooledAfterLag: 'go',
      preStop: { kind: 'sleep', sleepMs: 5000 },
    });
  });

  test.each([
    [{ preStop: 'sleep:5s' }, '--pre-stop'],
    [{ pooledAfterLag: 'stop' } as const, '--pooled-after-lag'],
    [{ profile: 'kubernetes', when: 'starting' } as const, '--when'],
  ])('refuses a step that it does not have: %j', (options, flag) => {
    expect(() => resolveSequence(options)).toThrow(flag);
  });
});

test.each([
  [0, 1000],
  [1999, 2000],
  [2000, 3000],
  [2500, 3000],
])('a routing lag of %i ms is covered by a sleep of %i ms', (lagMs, sleepMs) => {
  expect(coveringSleepMs(lagMs)).toBe(sleepMs);
});
