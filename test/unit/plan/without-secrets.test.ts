import { expect, test } from 'vitest';

import { resolvePlan } from '../../../src/plan/resolve.ts';
import { withoutSecrets } from '../../../src/plan/without-secrets.ts';

test('what is saved of a plan has no values of the environment and no credentials in headers', async () => {
  const plan = await resolvePlan({
    target: 'app',
    image: true,
    env: { DATABASE_URL: 'postgres://u:p@db/x' },
    headers: { Authorization: 'Bearer t0p', 'X-Api-Key': 'k', Accept: 'text/html' },
  });
  const saved = withoutSecrets(plan);
  expect(saved.container.env).toEqual({ DATABASE_URL: '(hidden)' });
  expect(saved.load.requests[0]?.headers).toEqual({
    Authorization: '(hidden)',
    'X-Api-Key': '(hidden)',
    Accept: 'text/html',
  });
  expect(JSON.stringify(saved)).not.toMatch(/t0p|postgres/);
});
