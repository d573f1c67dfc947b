import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { BUDGET_FLAGS } from '../../src/commands/budget-flags.ts';
import { CONFIG_FLAGS } from '../../src/commands/config-flags.ts';
import { loadConfig } from '../../src/config/config.ts';
import { EXEC_FLAGS, NOT_TAKEN } from '../../src/commands/exec-flags.ts';
import { DEFAULT_FOLDER, OUTPUT_FLAGS } from '../../src/commands/output-flags.ts';
import { GATE_FLAGS } from '../../src/commands/gate-flags.ts';
import { LINT_FLAGS } from '../../src/commands/lint.ts';
import { ROLLOUT_FLAGS } from '../../src/commands/rollout-flags.ts';
import { RUN_FLAGS } from '../../src/commands/run-flags.ts';
import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../../src/diagnosis/finding.ts';
import { LINT_CODES } from '../../src/lint/finding.ts';
import { renderReport } from '../../src/report/table/table.ts';
import type { Result } from '../../src/result.ts';
import { loadScenarios } from '../../src/scenarios.ts';

const readme = await readFile('README.md', 'utf8');
const report = await readFile('reports/example/report.txt', 'utf8');

describe('the built-in scenarios', () => {
  test.each(CAUSES)('show %s, and something that looks like it and is not', async (cause) => {
    const scenarios = await loadScenarios();
    expect(scenarios.some(({ expected }) => expected.findings?.includes(cause))).toBe(true);
    if (cause === 'CAUSE_UNCLEAR') return;
    expect(scenarios.some(({ expected }) => expected.notFindings?.includes(cause))).toBe(true);
  });
});

describe('the README', () => {
  test('names the flags that there are, and no others', () => {
    const table = readme.slice(readme.indexOf('### Flags in brief'), readme.indexOf('### Exit codes'));
    const named = new Set([...table.matchAll(/`--([a-z0-9-]+)`/g)].map(([, name]) => name));
    const all = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...OUTPUT_FLAGS];
    const flags = new Set(['output', ...all.map(({ name }) => name)]);
    expect(named).toEqual(flags);
  });

  test('tells which of these flags exec does not take, and names none that there is not', () => {
    const section = readme.slice(readme.indexOf('### Without an engine'), readme.indexOf('### Without running'));
    const rows = [...section.matchAll(/^\| (`--[^|]+?) +\| ([^|]+?) +\|$/gm)];
    const flagsOf = (text = ''): readonly string[] => [...text.matchAll(/`--([a-z-]+)`/g)].map(([, name = '']) => name);
    const notTaken = rows.flatMap(([, flags, what = '']) => (what.startsWith('not taken') ? flagsOf(flags) : []));
    expect(new Set(notTaken)).toEqual(new Set(NOT_TAKEN.keys()));
    const taken = rows.flatMap(([, flags, what = '']) => (what.startsWith('not taken') ? [] : flagsOf(flags)));
    expect(taken.filter((name) => !EXEC_FLAGS.some((flag) => flag.name === name))).toEqual([]);
    expect(taken.length).toBeGreaterThan(0);
  });

  test('lists the scenarios that there are, with the verdict and the codes that they expect', async () => {
    const scenarios = await loadScenarios();
    const rows = [...readme.matchAll(/^\| `([a-z0-9-]+)` +\| [^|]+\| ([^|]+?) +\|$/gm)];
    expect(new Set(rows.map(([, name]) => name))).toEqual(new Set(scenarios.map(({ name }) => name)));
    for (const [, name, expected] of rows) {
      const scenario = scenarios.find((one) => one.name === name);
      expect(expected).toContain(scenario?.expected.verdict);
      expect(expected).toContain(scenario?.expected.findings?.[0] ?? '');
    }
  });

  test('shows the report that is kept as the example', () => {
    expect(readme).toContain(report);
  });

  test('shows a budget as it is reported, and names flags that a budget takes', async () => {
    const section = readme.slice(readme.indexOf('### How long it takes'), readme.indexOf('### Without an engine'));
    const golden = await readFile('test/golden/budget-good.txt', 'utf8');
    expect(section).toContain(golden.slice(0, golden.indexOf('  The margin')));
    const named = [...section.matchAll(/`--([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named).toEqual(expect.arrayContaining(['runs', 'rates']));
    expect(named.filter((name) => !BUDGET_FLAGS.some((flag) => flag.name === name))).toEqual([]);
  });

  test('shows a roll-out as it is reported, and names flags that a roll-out takes', async () => {
    const section = readme.slice(readme.indexOf('### What users see'), readme.indexOf('### How long it takes'));
    const golden = await readFile('test/golden/rollout-sent-again.txt', 'utf8');
    expect(section).toContain(golden.slice(0, golden.indexOf('\nRoll-out ')));
    const named = [...section.matchAll(/`--([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named).toEqual(expect.arrayContaining(['replicas', 'balancer-retries']));
    expect(named.filter((name) => !ROLLOUT_FLAGS.some((flag) => flag.name === name))).toEqual([]);
  });

  test('names lint’s flags and codes, all of them and no others', () => {
    const section = readme.slice(readme.indexOf('### Without running'), readme.indexOf('## How it decides'));
    const codes = [...section.matchAll(/^\| `([A-Z0-9_]+)` +\|/gm)].map(([, code]) => code);
    expect(new Set(codes)).toEqual(new Set(LINT_CODES));
    const flags = [...section.matchAll(/`--([a-z-]+)`/g)].map(([, name]) => name);
    expect(new Set(flags)).toEqual(new Set(LINT_FLAGS.map(({ name }) => name)));
  });

  test('names no finding that does not exist', () => {
    const named = [...readme.matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)`/g)].map(([, code]) => code);
    const known: readonly (string | undefined)[] = [
      ...CAUSES,
      ...CONSEQUENCES,
      ...LINT_CODES,
      ...ROLLOUT_CODES,
      'NODE_IMAGE',
      'DOCKER_HOST',
    ];
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
  });

  test('names the folder where results go', () => {
    expect(readme).toContain(`\`${DEFAULT_FOLDER}/result.json\``);
  });
});

test('the configuration that the README shows is one', async () => {
  const [, text = ''] = /```yaml\n(defaults:[^]*?)```/.exec(readme) ?? [];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'readme-'));
  const file = path.join(folder, 'shutdown-check.yaml');
  await writeFile(file, text);
  const { targets, scenarios } = await loadConfig(file);
  await rm(folder, { recursive: true });
  expect([...targets, ...scenarios].map(({ name }) => name)).toEqual(['api', 'worker', 'legacy']);
});

test('the kept example’s report is rendered from its saved result', async () => {
  const result = JSON.parse(await readFile('reports/example/result.json', 'utf8')) as Result;
  expect(renderReport(result, { color: false, width: 80, unicode: true })).toBe(report);
});
