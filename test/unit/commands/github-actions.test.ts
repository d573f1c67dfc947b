import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { addToSummary, announcementFor, lookForPrograms } from '../../../src/commands/github-actions.ts';
import { withoutCommands } from '../../../src/commands/workflow-log.ts';
import { PLAIN_LOOK, type Saved } from '../../../src/report/reporter.ts';
import type { ReporterChoice } from '../../../src/report/reporters.ts';
import { RESULTS } from '../report/fixtures/results.ts';

const WORKFLOW = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/runner/summary.md' };
const FAILED: Saved = { result: RESULTS['shell']!, ledgers: [] };

const announced = (environment: NodeJS.ProcessEnv, reporters: readonly ReporterChoice[] = [], saved = FAILED) =>
  announcementFor(saved, { reporters }, environment, PLAIN_LOOK);

describe('in a workflow of GitHub Actions', () => {
  test('a failure is annotated and summarised without being asked for', () => {
    const { annotations, summary } = announced(WORKFLOW)!;
    expect(annotations).toMatch(/^::error file=api\/Dockerfile,line=6,title=[^\n]+SHELL_IS_PID1::/);
    expect(summary?.file).toBe('/runner/summary.md');
    expect(summary?.text).toMatch(/^## FAIL: \.\/Dockerfile\n[^]+<\/sub>\n\n$/);
  });

  test('what passes is summarised, and annotates nothing', () => {
    const { annotations, summary } = announced(WORKFLOW, [], { result: RESULTS['pass']!, ledgers: [] })!;
    expect(annotations).toBe('');
    expect(summary?.text).toMatch(/^## PASS: /);
  });

  test('annotations that are asked for in the log are not written twice; a file of them is no log', () => {
    expect(announced(WORKFLOW, [{ name: 'github', file: null }])?.annotations).toBe('');
    expect(announced(WORKFLOW, [{ name: 'github', file: 'a.txt' }])?.annotations).not.toBe('');
    expect(announced(WORKFLOW, [{ name: 'junit', file: null }])?.annotations).not.toBe('');
  });

  test('without a summary there are annotations alone', () => {
    expect(announced({ GITHUB_ACTIONS: 'true' })?.summary).toBeNull();
    expect(announced({ ...WORKFLOW, GITHUB_STEP_SUMMARY: '' })?.summary).toBeNull();
  });
});

test.each([{}, { GITHUB_ACTIONS: 'false' }, { GITHUB_STEP_SUMMARY: '/runner/summary.md' }])(
  'nothing is announced outside of a workflow (%o)',
  (environment) => {
    expect(announced(environment)).toBeNull();
  },
);

describe('words of a target that a workflow would take for commands', () => {
  test.each(['::error::mine\n', 'a\n    ::add-mask::b\n', 'and ##[error]more'])('are none in %j', (text) => {
    const [, token, inside] =
      /^::stop-commands::([\w-]{20,})\n([^]*\n)::\1::\n$/.exec(withoutCommands(text, WORKFLOW)) ?? [];
    expect(token).not.toBe(/^::stop-commands::([\w-]+)/.exec(withoutCommands(text, WORKFLOW))?.[1]);
    expect(inside?.trimEnd()).toBe(text.trimEnd());
  });

  test('outside of a workflow, and text without any, are left alone', () => {
    expect(withoutCommands('::error::mine', {})).toBe('::error::mine');
    expect(withoutCommands('std::vector [::1]:80', WORKFLOW)).toBe('std::vector [::1]:80');
  });
});

describe('paths of files', () => {
  const folderFor = (environment: NodeJS.ProcessEnv, directory: string) =>
    lookForPrograms(environment, directory).folder;
  const CHECKED_OUT = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/srv/shop' };

  test('count from the root of what was checked out', () => {
    expect(folderFor(CHECKED_OUT, '/srv/shop/services/api')).toBe('services/api');
  });

  test.each([
    ['at the root', CHECKED_OUT, '/srv/shop'],
    ['beside it', CHECKED_OUT, '/srv/shop-2'],
    ['elsewhere', CHECKED_OUT, '/tmp'],
    ['in no workflow', { GITHUB_WORKSPACE: '/srv/shop' }, '/srv/shop/services'],
  ])('stay as they are %s', (_, environment, directory) => {
    expect(folderFor(environment, directory)).toBeUndefined();
  });
});

describe('the file of the summary', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'summary-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('keeps what earlier steps have written', async () => {
    const file = path.join(folder, 'summary.md');
    await writeFile(file, 'earlier\n');
    await addToSummary({ file, text: 'ours\n' });
    expect(await readFile(file, 'utf8')).toBe('earlier\nours\n');
  });
});
