import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { BUDGET_FLAGS } from '../../../src/commands/budget-flags.ts';
import { CONFIG_FLAGS } from '../../../src/commands/config-flags.ts';
import { EXEC_FLAGS, NOT_TAKEN } from '../../../src/commands/exec-flags.ts';
import { GATE_FLAGS } from '../../../src/commands/gate-flags.ts';
import { LINT_FLAGS } from '../../../src/commands/lint.ts';
import { DEFAULT_FOLDER, OUTPUT_FLAGS } from '../../../src/commands/output-flags.ts';
import { ROLLOUT_FLAGS } from '../../../src/commands/rollout-flags.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../../../src/diagnosis/finding.ts';
import { LINT_CODES } from '../../../src/lint/finding.ts';
import { summaryOf } from '../../../src/pages.ts';
import { REPORTER_NAMES } from '../../../src/report/reporters.ts';
import { COLUMN_NAMES } from '../../../src/load/ledger.ts';
import { loadScenarios } from '../../../src/scenarios.ts';
import { blocksOf, DOCUMENTS, read } from './documents.ts';

/** What stands between two headings, or to the end. */
function section(document: string, heading: string, next?: string): string {
  const text = read(document);
  const from = text.indexOf(heading);
  if (from < 0) throw new Error(`${document} has no ${heading}`);
  const to = next === undefined ? text.length : text.indexOf(next, from);
  if (to < 0) throw new Error(`${document} has no ${next}`);
  return text.slice(from, to);
}

function flagsIn(text: string, pattern = /`--([a-z0-9-]+)`/g): readonly string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

describe('docs/run.md', () => {
  test('names the flags that there are, and no others', () => {
    const named = new Set(flagsIn(section('docs/run.md', '## Flags in brief', '## The report')));
    const all = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...OUTPUT_FLAGS];
    expect(named).toEqual(new Set(['output', ...all.map(({ name }) => name)]));
  });
});

describe('docs/exec.md', () => {
  test('tells which of these flags exec does not take, and names none that there is not', () => {
    const rows = [...read('docs/exec.md').matchAll(/^\| (`--[^|]+?) +\| ([^|]+?) +\|$/gm)];
    const notTaken = rows.flatMap(([, flags = '', what = '']) => (what.startsWith('not taken') ? flagsIn(flags) : []));
    expect(new Set(notTaken)).toEqual(new Set(NOT_TAKEN.keys()));
    const taken = rows.flatMap(([, flags = '', what = '']) => (what.startsWith('not taken') ? [] : flagsIn(flags)));
    expect(taken.filter((name) => !EXEC_FLAGS.some((flag) => flag.name === name))).toEqual([]);
    expect(taken.length).toBeGreaterThan(0);
  });
});

describe('docs/scenarios.md', () => {
  test('lists the scenarios that there are, with the verdict and the codes that they expect', async () => {
    const scenarios = await loadScenarios();
    const rows = [...read('docs/scenarios.md').matchAll(/^\| `([a-z0-9-]+)` +\| [^|]+\| ([^|]+?) +\|$/gm)];
    expect(new Set(rows.map(([, name]) => name))).toEqual(new Set(scenarios.map(({ name }) => name)));
    for (const [, name, expected] of rows) {
      const scenario = scenarios.find((one) => one.name === name);
      expect(expected).toContain(scenario?.expected.verdict);
      expect(expected).toContain(scenario?.expected.findings?.[0] ?? '');
    }
  });

  test.each(CAUSES)('has one that shows %s, and one that looks like it and is not', async (cause) => {
    const scenarios = await loadScenarios();
    expect(scenarios.some(({ expected }) => expected.findings?.includes(cause))).toBe(true);
    if (cause === 'CAUSE_UNCLEAR') return;
    expect(scenarios.some(({ expected }) => expected.notFindings?.includes(cause))).toBe(true);
  });
});

describe('docs/budget.md', () => {
  test('shows a budget as it is reported, and names flags that a budget takes', async () => {
    const golden = await readFile('test/golden/budget-good.txt', 'utf8');
    expect(read('docs/budget.md')).toContain(golden.slice(0, golden.indexOf('  The margin')));
    const named = flagsIn(read('docs/budget.md'), /`--([a-z-]+)/g);
    expect(named).toEqual(expect.arrayContaining(['runs', 'rates']));
    expect(named.filter((name) => !BUDGET_FLAGS.some((flag) => flag.name === name))).toEqual([]);
  });
});

describe('docs/rollout.md', () => {
  test('shows a roll-out as it is reported, and names flags that a roll-out takes', async () => {
    const golden = await readFile('test/golden/rollout-sent-again.txt', 'utf8');
    expect(read('docs/rollout.md')).toContain(golden.slice(0, golden.indexOf('\nRoll-out ')));
    const named = flagsIn(read('docs/rollout.md'), /`--([a-z-]+)/g);
    expect(named).toEqual(expect.arrayContaining(['replicas', 'balancer-retries']));
    expect(named.filter((name) => !ROLLOUT_FLAGS.some((flag) => flag.name === name))).toEqual([]);
  });
});

describe('docs/lint.md', () => {
  test('names lint’s flags and codes, all of them and no others', () => {
    const codes = [...read('docs/lint.md').matchAll(/^### ([A-Z0-9_]+)$/gm)].map(([, code]) => code);
    expect(new Set(codes)).toEqual(new Set(LINT_CODES));
    const flags = new Set(flagsIn(section('docs/lint.md', '# ', '## The codes'), / --([a-z-]+)/g));
    expect(flags).toEqual(new Set(LINT_FLAGS.map(({ name }) => name)));
  });
});

describe('docs/README.md', () => {
  test.each([...CAUSES, ...CONSEQUENCES, ...ROLLOUT_CODES])('says of %s what its page does', (code) => {
    expect(read('docs/README.md')).toContain(`- [${code}](findings/${code}.md): ${summaryOf(code)}\n`);
  });
});

describe('docs/design.md', () => {
  test('names every field of a saved result and of a run', async () => {
    const result = JSON.parse(await readFile('reports/example/result.json', 'utf8')) as { runs: readonly object[] };
    const text = read('docs/design.md');
    const fields = [...Object.keys(result), ...Object.keys(result.runs[0] ?? {})];
    expect(fields.filter((field) => !text.includes(`\`${field}\``))).toEqual([]);
    expect(COLUMN_NAMES.filter((column) => !text.includes(`\`${column}\``))).toEqual([]);
  });

  test('names the causes in their order', () => {
    const text = section('docs/design.md', '## Causes', 'Where the evidence');
    const named = [...text.matchAll(/`([A-Z0-9_]+)`/g)].map(([, code]) => code);
    expect(named).toEqual(CAUSES.filter((code) => code !== 'CAUSE_UNCLEAR'));
  });
});

describe('the documentation', () => {
  test('lists the reporters that there are', () => {
    const tables = DOCUMENTS.map((document) =>
      [...read(document).matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, name = '']) => name),
    );
    expect(tables.some((names) => REPORTER_NAMES.every((name) => names.includes(name)))).toBe(true);
  });

  test('names no code that does not exist', () => {
    const elsewhere = ['NODE_IMAGE', 'DEBIAN_IMAGE', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'GITHUB_ACTIONS', 'NO_COLOR'];
    const others = [
      'HTTPS_PROXY',
      'SYS_ADMIN',
      'RESOURCE_EXHAUSTED',
      'LOG_LEVEL',
      'DB_PASSWORD',
      'SHUTDOWN_TIMEOUT_MS',
    ];
    const known = new Set<string>([
      ...CAUSES,
      ...CONSEQUENCES,
      ...LINT_CODES,
      ...ROLLOUT_CODES,
      ...elsewhere,
      ...others,
    ]);
    const named = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)`/g)].map(([, code = '']) => code),
    );
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  });

  test('names the folder where results go', () => {
    expect(read('README.md')).toContain(`\`${DEFAULT_FOLDER}/result.json\``);
  });

  test('shows configurations that are some', async () => {
    const shown = DOCUMENTS.flatMap(blocksOf).flatMap(({ language, text }) =>
      language === 'yaml' && /^targets:$/m.test(text) ? [text] : [],
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const text of shown) {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'shutdown-check-docs-'));
      await writeFile(path.join(folder, 'shutdown-check.yaml'), text);
      const config = await loadConfig(path.join(folder, 'shutdown-check.yaml'));
      await rm(folder, { recursive: true });
      expect(config.targets.length).toBeGreaterThan(0);
    }
  });
});
