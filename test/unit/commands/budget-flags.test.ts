import { describe, expect, test } from 'vitest';

import { parseArguments } from '../../../src/commands/arguments.ts';
import { BUDGET_FLAGS, NOT_IN_BUDGET } from '../../../src/commands/budget-flags.ts';
import { fill } from '../../../src/commands/flag.ts';
import { flagHelp } from '../../../src/commands/help.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import type { BudgetOptions } from '../../../src/plan/options.ts';

async function optionsOf(args: readonly string[]): Promise<Partial<BudgetOptions>> {
  const { values } = parseArguments(args, BUDGET_FLAGS, 'budget');
  return await fill<BudgetOptions>(BUDGET_FLAGS, values, {});
}

describe('flags of a budget to options', () => {
  test.each<[string, Partial<BudgetOptions>]>([
    ['', {}],
    ['--runs 30', { runs: 30 }],
    ['--rates 50', { rates: [50] }],
    ['--rates 0.5,10,100', { rates: [0.5, 10, 100] }],
    ['--grace 45s --max-grace 5m', { graceMs: 45_000, maxGraceMs: 300_000 }],
    ['--pre-stop sleep:0s --routing-lag 5s', { preStop: 'sleep:0s', routingLagMs: 5_000 }],
  ])('%s', async (line, want) => {
    expect(await optionsOf(line.split(' ').filter(Boolean))).toEqual(want);
  });

  test.each([
    ['--runs', '1001', '--runs cannot be "1001": it takes a whole number from 1 to 1000.'],
    ['--runs', '2.5', '--runs cannot be "2.5"'],
    ['--rates', '10,', '--rates cannot be "10,": it takes a number from 0.1 to 20000, or several separated by commas.'],
    ['--rates', 'auto', '--rates cannot be "auto"'],
  ])('%s %s is refused', async (flag, value, want) => {
    await expect(optionsOf([flag, value])).rejects.toThrow(want);
  });
});

test('a budget takes every flag of run, or says why it does not', () => {
  const taken = BUDGET_FLAGS.map(({ name }) => name);
  const missing = RUN_FLAGS.map(({ name }) => name).filter((name) => !taken.includes(name));
  expect(missing.filter((name) => !NOT_IN_BUDGET.has(name))).toEqual([]);
  expect(taken.filter((name) => NOT_IN_BUDGET.has(name))).toEqual([]);
});

test('the help of a budget tells its flags in its own words, in 80 columns', () => {
  const help = flagHelp(BUDGET_FLAGS);
  expect(help).not.toContain('--prove');
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
