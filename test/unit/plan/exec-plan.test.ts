import { expect, test } from 'vitest';

import { resolveExecPlan } from '../../../src/plan/resolve.ts';

test('a command has a shorter warm-up of its own, which stands in nobody’s way', async () => {
  expect(await resolveExecPlan({ command: ['node'] })).toMatchObject({ load: { warmupMs: 1_000, rampMs: 300 } });
  expect(await resolveExecPlan({ command: ['node'], warmupMs: 5_000 })).toMatchObject({ load: { warmupMs: 5_000 } });
  expect(await resolveExecPlan({ command: ['node'], when: 'starting' })).toMatchObject({ when: 500 });
  await expect(resolveExecPlan({ command: ['node'], when: 'starting', warmupMs: 5_000 })).rejects.toThrow('warmupMs');
});
