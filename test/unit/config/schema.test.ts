import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { schemaText } from '../../../scripts/schema/config-schema.ts';
import { formOf } from '../../../src/commands/flag-form.ts';
import { DEFAULT_FLAGS, loadConfig } from '../../../src/config/config.ts';
import { CannotRunError } from '../../../src/errors.ts';
import { FLAG_VALUES } from './flag-values.ts';

const published = await readFile('schema/config.json', 'utf8');
const accepts = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(published) as object);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'schema-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Whether the program takes it, and whether the schema does. */
async function verdictsOn(text: string): Promise<{ readonly program: boolean; readonly schema: boolean }> {
  const file = path.join(folder, 'shutdown-check.yaml');
  await writeFile(file, text);
  const program = await loadConfig(file).then(
    () => true,
    (error: unknown) => {
      if (error instanceof CannotRunError) return false;
      throw error;
    },
  );
  return { program, schema: accepts(parse(text)) };
}

const underTarget = (setting: string): string => `targets:\n  api:\n    target: nginx:1.29\n    ${setting}\n`;

test('the published schema is made from the flags that there are', async () => {
  expect(published, 'npm run schema').toBe(await schemaText());
});

test('it has no address that it would have to be fetched from', () => {
  const { $schema: _draft, ...rest } = JSON.parse(published) as Readonly<Record<string, unknown>>;
  expect(JSON.stringify(rest)).not.toMatch(/https?:\/\//);
});

test('every flag with a number says from where to where', () => {
  const numbers = DEFAULT_FLAGS.filter(({ value }) => value !== null && /^N\b/.test(value));
  expect(numbers.filter((flag) => !['number', 'numbers'].includes(formOf(flag).kind))).toEqual([]);
});

describe('the program and the schema both take', () => {
  test.each(Object.entries(FLAG_VALUES).flatMap(([name, { good }]) => good.map((value) => `${name}: ${value}`)))(
    'defaults: { %s }',
    async (setting) => {
      expect(await verdictsOn(`defaults:\n  ${setting}\n`)).toEqual({ program: true, schema: true });
    },
  );

  test('a value of every flag', () => {
    const named = new Set(Object.keys(FLAG_VALUES));
    expect(DEFAULT_FLAGS.filter(({ name }) => !named.has(name)).map(({ name }) => name)).toEqual([]);
  });

  test.each([
    ['a list of reporters', 'reporters: [table, junit=a.xml]'],
    ['one reporter', 'reporters: junit=a.xml'],
    ['sections with nothing in them', 'defaults:\ntargets:\nscenarios:\n'],
    ['a manifest in the place of a target', 'targets: { a: { manifest: x.yaml } }'],
    ['a container in its place', 'targets: { a: { attach: x } }'],
    ['a command of words', underTarget('command: [node, server.js]')],
    ['a command of one word', underTarget('command: serve')],
    ['a scenario', 'scenarios: { a: { target: x, title: T, expected: { verdict: pass } } }'],
    [
      'all that a scenario may expect',
      'scenarios: { a: { target: x, expected: { verdict: fail, findings: [SHELL_IS_PID1], findings-untraced: CAUSE_UNCLEAR, not-findings: [OOM_KILLED], sigkill: true, exit-code: 137 } } }',
    ],
    ['a schema’s name', '$schema: ./x.json\ntargets: { a: { target: x } }'],
  ])('%s', async (_, text) => {
    expect(await verdictsOn(text)).toEqual({ program: true, schema: true });
  });
});

describe('the program and the schema both refuse', () => {
  test.each(Object.entries(FLAG_VALUES).flatMap(([name, { bad }]) => bad.map((value) => `${name}: ${value}`)))(
    'defaults: { %s }',
    async (setting) => {
      expect(await verdictsOn(`defaults:\n  ${setting}\n`)).toEqual({ program: false, schema: false });
    },
  );

  test.each([
    ['a key that is none', 'defaults: { grase: 1s }'],
    ['a section that is none', 'target: {}'],
    ['a flag at the top', 'grace: 30s'],
    ['a reporter that is none', 'reporters: [junitt=x]'],
    ['a reporter whose file is empty', 'reporters: ["junit="]'],
    ['a list of targets', 'targets: [a]'],
    ['a target without anything', 'targets: { a: }'],
    ['a target that says nothing of what is checked', 'targets: { a: { grace: 1s } }'],
    ['a name with a slash', 'targets: { a/b: { target: x } }'],
    ['what is of the whole check, under a target', underTarget('baseline: b.json')],
    ['a name under a target', underTarget('name: other')],
    ['a scenario without expectation', 'scenarios: { a: { target: x } }'],
    ['an expectation without verdict', 'scenarios: { a: { target: x, expected: { sigkill: true } } }'],
    ['a verdict that is none', 'scenarios: { a: { target: x, expected: { verdict: ok } } }'],
    ['a finding that is none', 'scenarios: { a: { target: x, expected: { verdict: fail, findings: [X] } } }'],
    ['an exit code that is none', 'scenarios: { a: { target: x, expected: { verdict: fail, exit-code: 256 } } }'],
    ['a text for yes or no', 'scenarios: { a: { target: x, expected: { verdict: fail, sigkill: maybe } } }'],
    ['expectations of what is no scenario', underTarget('expected: { verdict: pass }')],
    ['a list', '[a]'],
    ['a text', 'hello'],
  ])('%s', async (_, text) => {
    expect(await verdictsOn(text)).toEqual({ program: false, schema: false });
  });
});
