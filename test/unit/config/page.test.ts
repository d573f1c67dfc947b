import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { type FlagShape, parseArguments } from '../../../src/commands/arguments.ts';
import { BUDGET_FLAGS } from '../../../src/commands/budget-flags.ts';
import { CONFIG_FLAGS } from '../../../src/commands/config-flags.ts';
import { EXEC_FLAGS } from '../../../src/commands/exec-flags.ts';
import { GATE_FLAGS } from '../../../src/commands/gate-flags.ts';
import { INIT_FLAGS } from '../../../src/commands/init.ts';
import { CHECK_OUTPUT_FLAGS } from '../../../src/commands/output-flags.ts';
import { ROLLOUT_FLAGS } from '../../../src/commands/rollout-flags.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { EXPECTATION_KEYS } from '../../../src/config/expectation.ts';
import { errorText } from '../../../src/report/error-text.ts';
import type { CannotRunError } from '../../../src/errors.ts';

const page = await readFile('docs/config.md', 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);

const RUN = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];
const FLAGS: Readonly<Record<string, readonly FlagShape[]>> = {
  run: RUN,
  plan: [...RUN.filter(({ name }) => name !== 'json'), { name: 'json', value: null }],
  init: INIT_FLAGS,
  budget: [...CONFIG_FLAGS, ...BUDGET_FLAGS],
  rollout: [...CONFIG_FLAGS, ...ROLLOUT_FLAGS],
  exec: [...CONFIG_FLAGS, ...EXEC_FLAGS],
  scenarios: [...CONFIG_FLAGS, { name: 'built-in', value: null }],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'page-'));
  await mkdir(path.join(folder, 'worker'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function load(text: string) {
  const file = path.join(folder, 'shutdown-check.yaml');
  await writeFile(file, text);
  return await loadConfig(file);
}

describe('docs/config.md', () => {
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

  test.each(commands.filter((line) => line.startsWith('shutdown-check ')))('%s', (line) => {
    const [, command = '', ...args] = line.split(' ');
    expect(() => parseArguments(args, FLAGS[command] ?? [], command)).not.toThrow();
  });

  test('shows a file that the program and the schema take, and names in its commands what is in it', async () => {
    const [text = ''] = blocks('yaml');
    const { targets, scenarios } = await load(text);
    const names = [...targets, ...scenarios].map(({ name }) => name);
    expect(names).toEqual(['api', 'cart', 'pod', 'worker', 'legacy']);
    const schema = JSON.parse(await readFile('schema/config.json', 'utf8')) as object;
    expect(new Ajv({ allowUnionTypes: true }).validate(schema, parse(text))).toBe(true);
    const words = commands.flatMap((line) => line.split(' ').slice(2)).filter((word) => /^[a-z]+$/.test(word));
    expect(words.filter((word) => !['shutdown-check', 'npm', 'start', ...names].includes(word))).toEqual([]);
  });

  test('shows a mistake as it is told', async () => {
    const error: unknown = await load('defaults:\n  grase: 2s\n').catch((thrown: unknown) => thrown);
    expect(blocks('text')).toEqual([errorText(error as CannotRunError).replace(/^.*\//, '')]);
  });

  test('names flags that there are', () => {
    const known = new Set(
      [...Object.values(FLAGS).flat(), ...[{ name: 'save-dev' }, { name: 'help' }]].map(({ name }) => name),
    );
    const named = [...page.matchAll(/--([a-z][a-z-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('tells of all that a scenario may expect', () => {
    const table = page.slice(page.indexOf('| under `expected`'), page.indexOf('## In an editor'));
    const told = new Set([...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, key]) => key));
    expect(told).toEqual(new Set(EXPECTATION_KEYS));
  });
});
