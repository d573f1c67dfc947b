import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { cleanUp, ROOT, shutdownCheck, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });
afterAll(cleanUp);

const EXAMPLE = path.join(ROOT, 'reports/example/result.json');
/** A test of ours may run in a workflow itself. */
const ORDINARY = { GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined, GITHUB_WORKSPACE: undefined };
const report = (args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}, cwd = ROOT) =>
  shutdownCheck(['report', ...args], { cwd, env: { ...ORDINARY, ...env } });

describe.concurrent('a saved result', () => {
  test('is shown as the run has shown it, with exit code 0 although it failed', async () => {
    const { exitCode, stdout, stderr } = await report([EXAMPLE]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(await readFile(path.join(ROOT, 'reports/example/report.txt'), 'utf8'));
  });

  test('goes into several files at once beside the table', async () => {
    const folder = await temporaryFolder();
    const [junit, sarif] = [path.join(folder, 'a/junit.xml'), path.join(folder, 'a/result.sarif')];
    const { exitCode, stdout, stderr } = await report([
      EXAMPLE,
      ...['--reporter', `junit=${junit}`],
      ...['--reporter', `sarif=${sarif}`],
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^FAIL {2}/);
    expect(stderr).toBe(`Written: ${junit}.\nWritten: ${sarif}.\n`);
    expect(await readFile(junit, 'utf8')).toContain('<failure type="SHELL_IS_PID1"');
    expect(await readFile(sarif, 'utf8')).toContain('"startLine": 6');
  });

  test('announces nothing by itself in a workflow: it was announced when it was made', async () => {
    const folder = await temporaryFolder();
    const summary = path.join(folder, 'summary.md');
    await writeFile(summary, '');
    const inWorkflow = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { stdout } = await report([EXAMPLE], inWorkflow);
    expect(stdout).not.toContain('::error');
    expect(await readFile(summary, 'utf8')).toBe('');
  });

  test('has its annotations after the table where they are asked for, with paths from the root of the checkout', async () => {
    const workspace = await temporaryFolder();
    const cwd = path.join(workspace, 'shop');
    await mkdir(cwd);
    await cp(EXAMPLE, path.join(cwd, 'result.json'));
    const inWorkflow = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace };
    const { stdout } = await report(['result.json', '--reporter', 'github'], inWorkflow, cwd);
    expect(stdout).toMatch(/^FAIL {2}/);
    const commands = stdout.split('\n').filter((line) => line.startsWith('::'));
    expect(commands[0]).toMatch(/^::error file=shop\/sample-apps\/drains\/shell-form\.Dockerfile,line=6,/);
    expect(commands).toHaveLength(2);
  });

  test('that is broken is refused by what is missing, without a stack', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'result.json');
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(EXAMPLE, 'utf8')), runs: null }));
    const { exitCode, stdout, stderr } = await report([file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('is no whole result: runs is null.');
    expect(stderr).not.toContain('    at ');
  });

  test('asked for in a format that there is not is refused with those that there are', async () => {
    const { exitCode, stderr } = await report([EXAMPLE, '--reporter', 'pdf']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/pdf[^]+junit, markdown/);
  });
});
