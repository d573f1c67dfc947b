import path from 'node:path';

import { expect, test } from 'vitest';

import { resolveExecPlan, resolvePlan } from '../../../src/plan/resolve.ts';
import { savedPlan } from '../../../src/plan/saved-plan.ts';

test('what is saved of a plan has no values of the environment and no credentials in headers', async () => {
  const plan = await resolvePlan({
    target: 'app',
    image: true,
    env: { DATABASE_URL: 'postgres://u:p@db/x' },
    headers: { Authorization: 'Bearer t0p', 'X-Api-Key': 'k', Accept: 'text/html' },
  });
  const saved = savedPlan(plan, '/');
  expect(saved.container.env).toEqual({ DATABASE_URL: '(hidden)' });
  expect(saved.load.requests[0]?.headers).toEqual({
    Authorization: '(hidden)',
    'X-Api-Key': '(hidden)',
    Accept: 'text/html',
  });
  expect(JSON.stringify(saved)).not.toMatch(/t0p|postgres/);
});

test('what is saved of a plan has paths as seen from the folder it ran in, so that two machines agree', async () => {
  const plan = await resolvePlan({ target: path.resolve('sample-apps/drains/tini.Dockerfile') });
  expect(savedPlan(plan, process.cwd()).image).toMatchObject({
    reference: 'sample-apps/drains/tini.Dockerfile',
    dockerfile: 'sample-apps/drains/tini.Dockerfile',
    context: 'sample-apps/drains',
  });
});

test('what is saved of a command has its folder as seen from there, and its words as they are', async () => {
  const command = ['sh', '-c', 'node server.js'];
  const plan = await resolveExecPlan({ command, directory: 'sample-apps/drains', network: 'host' });
  expect(savedPlan(plan, process.cwd()).image).toEqual({
    kind: 'command',
    reference: "sh -c 'node server.js'",
    command,
    directory: 'sample-apps/drains',
  });
});

test('what is saved of a plan has no credentials in queries, and of a CA file only its name', async () => {
  const plan = await resolvePlan({
    target: 'app',
    image: true,
    path: '/orders?page=1&api_key=k1',
    hold: ['ws:/socket?access_token=t0p&room=7'],
    ca: path.resolve('package.json'),
  });
  const { load, readyPath } = savedPlan(plan, '/');
  expect(load.requests[0]?.path).toBe('/orders?page=1&api_key=(hidden)');
  expect(readyPath).toBe('/orders?page=1&api_key=(hidden)');
  expect(load.holds).toEqual([{ kind: 'ws', path: '/socket?access_token=(hidden)&room=7' }]);
  expect(load.tls).toEqual({ ca: 'package.json', insecure: false });
});
