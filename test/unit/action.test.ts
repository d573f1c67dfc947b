import { readFile } from 'node:fs/promises';

import { validateAction } from '@action-validator/core';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { argumentsOf, NO_FLAGS } from '../../scripts/action/arguments.ts';
import { parseArguments } from '../../src/commands/arguments.ts';
import { fill } from '../../src/commands/flag.ts';
import { CONFIG_FLAGS } from '../../src/commands/config-flags.ts';
import { GATE_FLAGS } from '../../src/commands/gate-flags.ts';
import { CHECK_OUTPUT_FLAGS } from '../../src/commands/output-flags.ts';
import { RUN_FLAGS } from '../../src/commands/run-flags.ts';
import type { RunOptions } from '../../src/plan/options.ts';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: readonly { readonly uses?: string; readonly run?: string }[] };
}

const CHECK_FLAGS = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];

const text = await readFile('action.yml', 'utf8');
const { inputs, runs } = parse(text) as Action;
const names = Object.keys(inputs);
const defaults = Object.fromEntries(names.map((name) => [name, inputs[name]?.default ?? '']));

describe('action.yml', () => {
  test('is an action to the standard validator', () => {
    expect(validateAction(text).errors).toEqual([]);
  });

  test('has only inputs that are flags of run, or are said not to be', () => {
    const flags = CHECK_FLAGS.map(({ name }) => name);
    expect(names.filter((name) => !flags.includes(name) && !NO_FLAGS.includes(name))).toEqual([]);
    expect(NO_FLAGS.filter((name) => flags.includes(name) || !names.includes(name))).toEqual([]);
    const comment = text.slice(text.indexOf('# Each is the flag'), text.indexOf('inputs:'));
    for (const name of NO_FLAGS) expect(comment).toContain(name);
  });

  test('lets no script have an expression in it', () => {
    const scripts = runs.steps.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).not.toContain('${{');
  });

  test('caches nothing', () => {
    expect(runs.steps.flatMap(({ uses }) => uses ?? [])).toEqual([expect.stringMatching(/^actions\/setup-node@v\d+$/)]);
    expect(text).toContain('package-manager-cache: false');
    expect(text).not.toMatch(/^ *cache:/m);
  });
});

describe('the inputs of the action', () => {
  const hostile = '$(touch /tmp/owned) `id` "quoted\' ; --verbose\n--help';

  test('are the arguments of run, each in one that is nothing else', async () => {
    const given = { ...defaults, target: 'api/Dockerfile', name: 'a b', grace: '30s', reporters: 'json, junit' };
    const args = argumentsOf(given, '/srv/out');
    expect(args).toEqual([
      ...['run', 'api/Dockerfile', '--output=/srv/out'],
      ...['--reporter=json=/srv/out/report.json', '--reporter=junit=/srv/out/junit.xml'],
      ...['--name=a b', '--grace=30s'],
    ]);
    const { values, positionals } = parseArguments(args.slice(1), CHECK_FLAGS, 'run');
    expect(positionals).toEqual(['api/Dockerfile']);
    expect(await fill<RunOptions>(RUN_FLAGS, values, {})).toMatchObject({ name: 'a b', graceMs: 30_000 });
  });

  test('that were left out give no argument', () => {
    expect(argumentsOf({ target: '.' }, '/out')).toEqual(['run', '.', '--output=/out']);
  });

  test.each(names.filter((name) => !NO_FLAGS.includes(name) && name !== 'output'))(
    'let no %s become a flag of its own, or two arguments',
    (name) => {
      expect(argumentsOf({ target: '.', [name]: hostile }, '/out').slice(3)).toEqual([`--${name}=${hostile}`]);
    },
  );

  test('refuse a target that is a flag', () => {
    expect(() => argumentsOf({ target: '--volume=/:/host' }, '/out')).toThrow(/target cannot be "--volume=\/:\/host"/);
  });

  test('take one argument a line from args, whatever is in it', () => {
    const args = ['--header=X-Say: it\'s "so"', '', '--env=A=$(id)  ', '--', 'node', 'server.js'].join('\r\n');
    expect(argumentsOf({ target: '.', args }, '/out').slice(3)).toEqual([
      ...['--header=X-Say: it\'s "so"', '--env=A=$(id)  ', '--', 'node', 'server.js'],
    ]);
  });
});
