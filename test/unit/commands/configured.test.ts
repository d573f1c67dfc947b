import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseArguments } from '../../../src/commands/arguments.ts';
import { BUDGET_FLAGS } from '../../../src/commands/budget-flags.ts';
import { COMMON_FLAGS } from '../../../src/commands/common-flags.ts';
import { CONFIG_FLAGS } from '../../../src/commands/config-flags.ts';
import { configured, configuredOne, overDefaults } from '../../../src/commands/configured.ts';
import { GATE_FLAGS } from '../../../src/commands/gate-flags.ts';
import { CHECK_OUTPUT_FLAGS } from '../../../src/commands/output-flags.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'configured-'));
  file = path.join(folder, 'shutdown-check.yaml');
  await writeFile(
    file,
    `
defaults: { grace: 20s, container: web, network: shop, repeat: 3, baseline: base.json, fail-on: regression }
targets:
  api: { manifest: shop.yaml, container: api, path: /orders, max-drain: 5s }
  image: { target: 'nginx:1.29', command: [nginx] }
reporters: [table, junit=out.xml]
`,
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const FLAGS = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];
const run = (...args: readonly string[]) =>
  configured(parseArguments(['--config', file, ...args], FLAGS, 'run'), 'run');

const budgetFlags = [...CONFIG_FLAGS, ...BUDGET_FLAGS, ...CHECK_OUTPUT_FLAGS];
const budget = (...args: readonly string[]) =>
  configuredOne(parseArguments(['--config', file, ...args], budgetFlags, 'budget'), budgetFlags, 'budget');

describe('run', () => {
  test('takes all targets, in the order of the file, and what it says of the result', async () => {
    const { targets, whole } = await run();
    expect(targets.map(({ options }) => options)).toEqual([
      expect.objectContaining({ name: 'api', manifest: expect.stringContaining('shop.yaml'), graceMs: 20_000 }),
      expect.objectContaining({ name: 'image', target: 'nginx:1.29', command: ['nginx'] }),
    ]);
    expect(targets[1]?.options).not.toHaveProperty('container');
    expect(whole.get('baseline')?.[0]).toContain('base.json');
  });

  test('takes those that are named, with flags over them', async () => {
    const { targets } = await run('image', '--grace', '3s', '--', 'sh');
    expect(targets.map(({ options }) => options)).toEqual([
      expect.objectContaining({ name: 'image', graceMs: 3_000, command: ['sh'] }),
    ]);
  });

  test('takes a path as a path, with the defaults and the reporters, and without the baseline', async () => {
    const { targets, whole } = await run('./api');
    expect(targets.map(({ options }) => options)).toEqual([
      { target: './api', graceMs: 20_000, network: 'shop', repeat: 3 },
    ]);
    expect(whole.get('reporter')).toHaveLength(2);
    expect(whole.has('baseline') || whole.has('fail-on')).toBe(false);
  });

  test('leaves standard output to --json -', async () => {
    const { whole } = await run('--json', '-');
    expect(whole.get('reporter')).toEqual([expect.stringMatching(/^junit=/)]);
  });

  test('asks whether a target was meant by what is nearly one', async () => {
    await expect(run('imag')).rejects.toThrow('has no target "imag". Did you mean image?');
    expect((await run('imag', '--image')).targets[0]?.options.target).toBe('imag');
    expect((await run('redis')).targets[0]?.options.target).toBe('redis');
  });

  test('takes a command for one target only', async () => {
    await expect(run('--', 'sh')).rejects.toThrow('the command of one target, and there are 2');
  });
});

describe('budget', () => {
  test('takes a target of the file, with what it takes itself', async () => {
    const { start, values } = await budget('api', '--runs', '5');
    expect(start).toEqual({ name: 'api' });
    expect(values.get('manifest')?.[0]).toMatch(/shop\.yaml$/);
    expect(Object.fromEntries(values)).toMatchObject({ runs: ['5'], grace: ['20s'], path: ['/orders'] });
    expect(['repeat', 'max-drain', 'baseline'].filter((name) => values.has(name))).toEqual([]);
  });

  test('needs one', async () => {
    await expect(budget()).rejects.toThrow('budget needs a target');
  });
});

test('exec takes the defaults that are of a command too', async () => {
  const flags = [...CONFIG_FLAGS, ...COMMON_FLAGS, ...CHECK_OUTPUT_FLAGS];
  const { values } = parseArguments(['--config', file, '--path', '/x'], flags, 'exec');
  const { values: merged } = await overDefaults(values, [...COMMON_FLAGS, ...CHECK_OUTPUT_FLAGS]);
  expect(Object.fromEntries(merged)).toMatchObject({ grace: ['20s'], repeat: ['3'], path: ['/x'] });
  expect(['network', 'container', 'baseline'].filter((name) => merged.has(name))).toEqual([]);
});
