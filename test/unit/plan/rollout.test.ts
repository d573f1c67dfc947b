import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { resolveBalancer } from '../../../src/plan/balancer.ts';
import type { RolloutOptions } from '../../../src/plan/options.ts';
import { resolveRolloutPlan } from '../../../src/plan/rollout.ts';

/** As an image it needs nothing of this machine. */
const APP = { target: 'app:1', balancer: 'haproxy:3.2' } as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  await writeFile(path.join(folder, 'haproxy'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(
    path.join(folder, 'compose.yaml'),
    'services: { web: { image: "app:1", ports: ["3000"], stop_grace_period: 7s } }\n',
  );
  await writeFile(
    path.join(folder, 'pod.yaml'),
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  terminationGracePeriodSeconds: 45\n  containers: [{ name: a, image: "app:1", ports: [{ containerPort: 3000 }] }]\n',
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('defaults', () => {
  test('three replicas are replaced as pods', async () => {
    expect(await resolveRolloutPlan(APP)).toMatchObject({
      profile: 'kubernetes',
      graceMs: 30_000,
      routingLagMs: 2_000,
      replicas: 3,
      balancer: { kind: 'image', reference: 'haproxy:3.2' },
      balancerRetries: 3,
    });
  });

  test('services of a compose file are replaced as docker stop does', async () => {
    const plan = await resolveRolloutPlan({ ...APP, target: path.join(folder, 'compose.yaml') });
    expect(plan).toMatchObject({ profile: 'docker', graceMs: 7_000, routingLagMs: 0 });
  });

  test('what a manifest says counts', async () => {
    const { balancer } = APP;
    const plan = await resolveRolloutPlan({ balancer, manifest: path.join(folder, 'pod.yaml') });
    expect(plan).toMatchObject({ profile: 'kubernetes', graceMs: 45_000 });
  });
});

describe('what is refused', () => {
  const table: readonly (readonly [string, RolloutOptions & Record<string, unknown>, string])[] = [
    ['one replica', { ...APP, replicas: 1 }, 'replicas (--replicas) cannot be 1: it takes a whole number from 2 to 20'],
    ['a step of a run’s', { ...APP, park: 3 }, 'park'],
    ['a container that runs already', { ...APP, attach: 'web' }, 'attach'],
    ['a network that replicas would share', { ...APP, network: 'host' }, 'side by side'],
    ['the network of another container', { ...APP, network: 'container:db' }, 'side by side'],
    [
      'more than the record holds',
      { ...APP, replicas: 20, readyTimeoutMs: 600_000, timeoutMs: 86_400_000 },
      'its record holds',
    ],
    ['no target', { balancer: 'haproxy:3.2' }, 'target'],
  ];
  test.each(table)('%s', async (_, options, says) => {
    await expect(resolveRolloutPlan(options)).rejects.toThrow(says);
  });
});

describe('the balancer', () => {
  test('is an image where it has a tag, a digest or a repository', () => {
    for (const reference of ['haproxy:3.2', 'haproxy@sha256:00', 'registry.example/haproxy'])
      expect(resolveBalancer(reference)).toEqual({ kind: 'image', reference });
  });

  test('is a program where it is a path', () => {
    const reference = path.join(folder, 'haproxy');
    expect(resolveBalancer(reference)).toEqual({ kind: 'program', reference });
  });

  test.each(['no-such-balancer', './no-such-balancer', '/no/such/haproxy'])(
    '%s is not there, and the error says how to get one',
    (reference) => {
      expect(() => resolveBalancer(reference)).toThrow(
        expect.objectContaining({
          message: expect.stringContaining(reference),
          nextStep: expect.stringMatching(/apt-get install haproxy[^]*--balancer haproxy:/),
        }),
      );
    },
  );
});
