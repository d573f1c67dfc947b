import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../src/commands/arguments.ts';
import { EXEC_FLAGS, NOT_TAKEN } from '../../../src/commands/exec-flags.ts';
import { fill } from '../../../src/commands/flag.ts';
import { flagHelp } from '../../../src/commands/help.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import type { ExecOptions } from '../../../src/plan/options.ts';

async function optionsOf(args: readonly string[]): Promise<Partial<ExecOptions>> {
  const { values } = parseArguments(args, EXEC_FLAGS, 'exec');
  const { command: _, ...options } = await fill<ExecOptions>(EXEC_FLAGS, values, { command: ['x'] });
  return options;
}

describe('flags of exec to options', () => {
  test.each<[string, Partial<ExecOptions>]>([
    ['--grace 500ms', { graceMs: 500 }],
    ['--grace 1.5', { graceMs: 1_500 }],
    ['--grace 0', { graceMs: 0 }],
    ['--network own', { network: 'own' }],
    ['--network host --init', { network: 'host', init: true }],
    ['--env A=1 --env B=2 --port 80', { env: { A: '1', B: '2' }, port: 80 }],
  ])('%s', async (line, want) => {
    expect(await optionsOf(line.split(' '))).toEqual(want);
  });
});

test('exec takes every flag of run, or says why it does not', () => {
  const taken = EXEC_FLAGS.map(({ name }) => name);
  const runs = RUN_FLAGS.map(({ name }) => name);
  expect(new Set([...taken, ...NOT_TAKEN.keys()])).toEqual(new Set(runs));
  expect(taken.filter((name) => NOT_TAKEN.has(name))).toEqual([]);
});

test('the flags of exec are told without a word of images, containers or engines, in 80 columns', () => {
  const help = flagHelp(EXEC_FLAGS);
  expect(help).not.toMatch(/image|container|engine|build|EXPOSE|HEALTHCHECK|STOPSIGNAL/i);
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
