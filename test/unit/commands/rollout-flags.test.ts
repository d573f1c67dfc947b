import { describe, expect, test } from 'vitest';

import { fill } from '../../../src/commands/flag.ts';
import { NOT_IN_ROLLOUT, ROLLOUT_FLAGS } from '../../../src/commands/rollout-flags.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import { ROLLOUT_CHECKS } from '../../../src/plan/checks.ts';
import type { RolloutOptions } from '../../../src/plan/options.ts';

describe('the flags of a roll-out', () => {
  test('are those of a run, but for those that it says it does not take, and its own', () => {
    const names = ROLLOUT_FLAGS.map(({ name }) => name);
    const ofRun = RUN_FLAGS.map(({ name }) => name).filter((name) => !NOT_IN_ROLLOUT.has(name));
    expect(names).toEqual(['replicas', 'balancer', 'balancer-retries', ...ofRun]);
    for (const name of NOT_IN_ROLLOUT.keys()) expect(RUN_FLAGS.some((flag) => flag.name === name)).toBe(true);
  });

  test('each have an option of the same meaning', () => {
    const flags = Object.values(ROLLOUT_CHECKS).flatMap(({ flag }) => flag ?? []);
    const without = ROLLOUT_FLAGS.map(({ name }) => name).filter((name) => !flags.includes(name));
    expect(without).toEqual(['env-file']);
  });

  test('say how many replicas there are and what is in front of them', async () => {
    const values = new Map([
      ['replicas', ['5']],
      ['balancer', ['haproxy:3.2']],
      ['balancer-retries', ['0']],
    ]);
    expect(await fill<RolloutOptions>(ROLLOUT_FLAGS, values, { target: '.' })).toEqual({
      target: '.',
      replicas: 5,
      balancer: 'haproxy:3.2',
      balancerRetries: 0,
    });
  });

  test.each([
    ['replicas', '1', 'a whole number from 2 to 20'],
    ['balancer-retries', '-1', 'a whole number from 0 to 100'],
    ['balancer', '', 'haproxy'],
  ])('--%s %j is refused with what it takes', async (name, text, takes) => {
    await expect(fill<RolloutOptions>(ROLLOUT_FLAGS, new Map([[name, [text]]]), {})).rejects.toThrow(takes);
  });
});
