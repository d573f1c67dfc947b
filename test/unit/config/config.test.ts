import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadConfig } from '../../../src/config/config.ts';
import { merge } from '../../../src/config/merge.ts';
import { CannotRunError } from '../../../src/errors.ts';
import { errorText } from '../../../src/report/error-text.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'config-'));
  await mkdir(path.join(folder, 'api'));
  await writeFile(path.join(folder, 'api', 'Dockerfile'), 'FROM scratch\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function load(text: string, name = 'shutdown-check.yaml') {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return await loadConfig(file);
}

async function errorOf(text: string): Promise<string> {
  const error = await load(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CannotRunError);
  return errorText(error as CannotRunError).replaceAll(`${folder}/`, '');
}

describe('a configuration', () => {
  test('says of each target what flags would', async () => {
    const { targets } = await load(`
defaults: { grace: 30s, strict-unread: true }
targets:
  api:
    target: nginx:1.29
    env: { LOG_LEVEL: debug, PORT: 3000 }
    accept-exit-code: [0, 143]
    header: ['Accept: text/html']
    strict-unread: false
    command: [nginx, -g, 'daemon off;']
`);
    const { settings } = targets[0]!;
    const texts = Object.fromEntries([...settings.flags].map(([name, setting]) => [name, setting.texts]));
    expect(texts).toEqual({
      env: ['LOG_LEVEL=debug', 'PORT=3000'],
      'accept-exit-code': ['0,143'],
      header: ['Accept: text/html'],
      'strict-unread': [],
    });
    expect(settings).toMatchObject({ target: 'nginx:1.29', command: ['nginx', '-g', 'daemon off;'] });
  });

  test('may be JSON', async () => {
    const { targets } = await load('{"$schema":"x","targets":{"api":{"target":"nginx:1"}}}', 'shutdown-check.json');
    expect(targets.map(({ name }) => name)).toEqual(['api']);
  });

  test('has paths that count from its own folder', async () => {
    const { targets } = await load('targets: { api: { target: ./api, context: . }, image: { target: "nginx:1.29" } }');
    const relative = path.relative(process.cwd(), folder);
    expect(targets[0]?.settings.target).toBe(path.join(relative, 'api'));
    expect(targets[0]?.settings.flags.get('context')?.texts).toEqual([relative]);
    expect(targets[1]?.settings.target).toBe('nginx:1.29');
  });

  test('has scenarios of one’s own', async () => {
    const { scenarios } = await load(`
scenarios:
  legacy:
    title: It has a shell.
    target: ./api
    expected: { verdict: fail, findings: [SHELL_IS_PID1], sigkill: true, exit-code: 137 }
`);
    expect(scenarios[0]).toMatchObject({
      name: 'legacy',
      title: 'It has a shell.',
      expected: { verdict: 'fail', findings: ['SHELL_IS_PID1'], sigkill: true, exitCode: 137 },
    });
  });
});

describe('what a configuration cannot say is told with its line', () => {
  test.each([
    [
      'a bad value',
      'defaults:\n  grace: 2 parsecs',
      'shutdown-check.yaml:2:10: grace cannot be "2 parsecs": it takes',
      '^',
    ],
    ['a key that is none', 'defaults:\n  grase: 2s', ':2:3: there is no "defaults.grase". Did you mean "grace"?', '^'],
    ['a key as the library has it', 'defaults:\n  graceMs: 2', 'there is no "defaults.graceMs".', '^'],
    ['a section that is none', 'target:\n  api: {}', ':1:1: there is no "target". Did you mean "targets"?', '^'],
    ['a flag beside the sections', 'grace: 2s', '"grace" stands under "defaults" or a target.', 'Indent it'],
    [
      'what is of the whole check',
      'targets: { a: { target: x, json: r.json } }',
      '"json" is of the whole check',
      'under "defaults"',
    ],
    ['no target', 'targets:\n  api:\n    path: /', ':2:3: "api" does not say what is checked.', 'target: ./Dockerfile'],
    ['a target without anything', 'targets:\n  api:', '"api" does not say what is checked.', '^'],
    [
      'the same name twice',
      'targets:\n  a: { target: x }\n  a: { target: y }',
      ':3:3: this name stands there for the second time.',
      '^',
    ],
    ['no YAML', 'targets: [', 'shutdown-check.yaml:1:', '^'],
    ['a list in the place of names', 'targets: [a]', ':1:10: targets takes names with values under them.', '^'],
    ['a list for one value', 'defaults: { grace: [1s, 2s] }', 'grace takes one value.', '^'],
    ['a text for yes or no', 'defaults: { init: maybe }', 'init takes true or false.', '^'],
    [
      'a scenario without expectation',
      'scenarios: { x: { target: y } }',
      'does not say what is expected',
      'verdict: pass',
    ],
    [
      'a verdict that is none',
      'scenarios: { x: { target: y, expected: { verdict: ok } } }',
      'verdict takes one of pass, fail',
      '^',
    ],
    [
      'a finding that is none',
      'scenarios: { x: { target: y, expected: { verdict: fail, findings: [SHELL_PID1] } } }',
      'there is no finding "SHELL_PID1". Did you mean SHELL_IS_PID1?',
      '^',
    ],
    ['a reporter that is none', 'reporters: [table, junitt=x.xml]', 'reporter cannot be "junitt=x.xml"', '^'],
    ['a name with a slash', 'targets: { a/b: { target: x } }', 'a name takes letters', '^'],
  ])('%s', async (_, text, message, more) => {
    const told = await errorOf(text);
    expect(told).toContain(message);
    expect(told).toContain(more);
  });

  test('an empty file, a folder and no file', async () => {
    expect(await errorOf('')).toContain('shutdown-check.yaml is empty.');
    await expect(loadConfig(folder)).rejects.toThrow(/cannot be read/);
    await expect(loadConfig(path.join(folder, 'none.yaml'))).rejects.toThrow(/cannot be read/);
  });
});

describe('flags', () => {
  test('go over a target’s settings, and those over the defaults', async () => {
    const { defaults, targets } = await load(
      'defaults: { grace: 30s, path: /a, env: { A: 1 }, init: true }\ntargets: { api: { target: x, path: /b, env: { B: 2 }, init: false } }',
    );
    const typed = new Map([
      ['grace', ['5s']],
      ['env', ['A=3']],
    ]);
    const { values, sources } = merge([defaults, targets[0]!.settings], typed);
    expect(Object.fromEntries(values)).toEqual({
      grace: ['30s', '5s'].slice(-1),
      path: ['/b'],
      env: ['B=2', 'A=3'],
    });
    expect(sources.get('grace')).toBe('--grace');
    expect(sources.get('path')).toMatch(/shutdown-check\.yaml:2$/);
  });

  test('take the place of the file’s reporters', async () => {
    const { defaults } = await load('reporters: [junit=a.xml, markdown=b.md]');
    expect(merge([defaults], new Map()).values.get('reporter')).toHaveLength(2);
    expect(merge([defaults], new Map([['reporter', ['json']]])).values.get('reporter')).toEqual(['json']);
  });

  test('that have no place beside what stands nearer do not hold there', async () => {
    const { defaults, targets } = await load(`
defaults: { path: /orders, header: { Accept: a, Via: b }, build: ./api, service: x, port: 3000 }
targets:
  worker: { target: x, load: none }
  mix: { target: x, grpc: health }
  named: { manifest: m.yaml, header: { accept: c } }
  taken: { attach: x }
`);
    const of = (nth: number) => Object.fromEntries(merge([defaults, targets[nth]!.settings], new Map()).values);
    const header = ['Accept: a', 'Via: b'];
    expect(of(0)).toEqual({ load: ['none'] });
    expect(of(1)).toEqual({ grpc: ['health'], header, port: ['3000'] });
    expect(of(2)).toMatchObject({ header: ['Via: b', 'accept: c'], path: ['/orders'] });
    expect(of(2)).not.toHaveProperty('service');
    expect(of(3)).toEqual({ attach: ['x'], path: ['/orders'], header, port: ['3000'] });
  });

  test('that are an empty list or false take away what the defaults have', async () => {
    const { defaults, targets } = await load(
      'defaults: { volume: [/cache], init: true }\ntargets: { api: { target: x, volume: [], init: false } }',
    );
    expect(merge([defaults, targets[0]!.settings], new Map()).values).toEqual(new Map());
  });
});

describe('YAML', () => {
  test('may have anchors, and merge maps', async () => {
    const { targets } = await load(`
targets:
  api: &api { target: nginx:1.29, grace: 5s, env: &env { A: 1 } }
  other: { <<: *api, path: /x, grace: 6s, env: *env }
`);
    const { settings } = targets[1]!;
    expect(settings.target).toBe('nginx:1.29');
    expect(settings.flags.get('grace')?.texts).toEqual(['6s']);
    expect(settings.flags.get('env')?.texts).toEqual(['A=1']);
  });

  test.each([
    ['a map that is merged into itself', 'defaults: &a { <<: *a, grace: 5s }'],
    [
      'lists that would fill the memory',
      `targets: { api: { target: x, env: [&a [x, x], &b [*a, *a, *a], &c [*b, *b, *b], *c] } }`,
    ],
    ['an alias of nothing', 'defaults: { grace: *none }'],
    ['two documents', 'defaults: {}\n---\ntargets: {}'],
    ['a tab where there is none', 'defaults:\n\tgrace: 5s'],
  ])('has no place for %s', async (_, text) => {
    expect(await errorOf(text)).toMatch(/^shutdown-check\.yaml:\d+:\d+: .+\n +\d* \| /);
  });

  test('keeps texts as they are written', async () => {
    const { defaults } = await load('\uFEFFdefaults: { build-arg: { VERSION: 1.20, MODE: 0644, ON: yes } }');
    expect(defaults.flags.get('build-arg')?.texts).toEqual(['VERSION=1.20', 'MODE=0644', 'ON=yes']);
  });
});
