import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { planBudget } from '../../../src/budget/plan.ts';
import { CannotRunError } from '../../../src/errors.ts';
import type { BudgetOptions } from '../../../src/plan/options.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 45
  containers:
    - name: web
      image: nginx:1.29
      ports: [{ containerPort: 80 }]
      lifecycle: { preStop: { sleep: { seconds: 5 } } }
`;

const COMPOSE = `
services:
  web:
    image: nginx:1.29
    stop_grace_period: 7s
    expose: ["80"]
`;

const TARGET = { target: 'nginx:1.29' };

test('a budget is of ten stops as a pod’s, with time for all of the drain and a sleep that covers the lag', async () => {
  expect(await planBudget(TARGET)).toMatchObject({
    runs: 10,
    rates: null,
    graceMs: 30_000,
    plan: {
      profile: 'kubernetes',
      graceMs: 120_000,
      routingLagMs: 2_000,
      preStop: { kind: 'sleep', sleepMs: 3_000 },
      prove: false,
      when: 'ready',
      load: { rate: 'auto', requestTimeoutMs: 125_000 },
    },
  });
});

test.each<[string, Partial<BudgetOptions>, object]>([
  ['it is held against its own grace period', { graceMs: 45_000 }, { graceMs: 45_000, plan: { graceMs: 120_000 } }],
  ['its runs have no less than it has', { graceMs: 300_000 }, { graceMs: 300_000, plan: { graceMs: 300_000 } }],
  ['its runs have what they are given', { maxGraceMs: 5_000 }, { graceMs: 30_000, plan: { graceMs: 5_000 } }],
  ['a hook of its own is kept', { preStop: 'sleep:0s' }, { plan: { preStop: { kind: 'sleep', sleepMs: 0 } } }],
  ['a longer lag takes a longer sleep', { routingLagMs: 5_000 }, { plan: { preStop: { sleepMs: 6_000 } } }],
  ['no lag takes none', { routingLagMs: 0 }, { plan: { preStop: null } }],
  ['a worker takes none', { load: 'none' }, { plan: { preStop: null } }],
  ['docker stop has none', { profile: 'docker' }, { graceMs: 10_000, plan: { profile: 'docker', preStop: null } }],
  ['rates take the place of auto', { rates: [10, 50] }, { rates: [10, 50], plan: { load: { rate: 10 } } }],
])('%s', async (_, options, want) => {
  expect(await planBudget({ ...TARGET, ...options })).toMatchObject(want);
});

describe('what a file says', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
    await writeFile(path.join(folder, 'pod.yaml'), POD);
    await writeFile(path.join(folder, 'compose.yaml'), COMPOSE);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('of the grace period and the hook of a pod is what it is held against, and what is done', async () => {
    const { graceMs, plan } = await planBudget({ manifest: path.join(folder, 'pod.yaml') });
    expect(graceMs).toBe(45_000);
    expect(plan).toMatchObject({ profile: 'kubernetes', graceMs: 120_000, preStop: { kind: 'sleep', sleepMs: 5_000 } });
  });

  test('of a service of Compose is stopped as Compose does', async () => {
    const { graceMs, plan } = await planBudget({ target: path.join(folder, 'compose.yaml') });
    expect(graceMs).toBe(7_000);
    expect(plan).toMatchObject({ profile: 'docker', graceMs: 120_000, preStop: null });
  });
});

describe('bad options', () => {
  test.each([
    [{ runs: 0 }, 'runs (--runs) cannot be 0: it takes a whole number from 1 to 1000'],
    [{ runs: 1_001 }, 'runs (--runs) cannot be 1001'],
    [{ runs: 1.5 }, 'runs (--runs) cannot be 1.5'],
    [{ rates: [] }, 'rates (--rates) cannot be []'],
    [{ rates: [10, 0] }, 'rates (--rates) cannot be [10,0]'],
    [{ rates: [1, 2, 3], runs: 2 }, '3 rates (--rates) need as many runs, and there are 2 (--runs).'],
    [{ load: 'none', rates: [10] }, 'With --load none nothing is sent, so rates (--rates) has no place beside it.'],
    [{ rate: 10 }, '"rate"'],
    [{ prove: true }, '"prove"'],
    [{ attach: 'web' }, '"attach"'],
    [{ when: 'starting' }, '"when"'],
    [{ profile: 'docker', preStop: 'sleep:3s' }, 'preStop (--pre-stop) is a step that `docker stop` does not have.'],
  ])('%j', async (options, want) => {
    const all = { ...TARGET, ...options } as BudgetOptions;
    const error: unknown = await planBudget(all).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CannotRunError);
    expect((error as Error).message).toContain(want);
  });
});
