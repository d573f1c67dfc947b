import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { type Used, useAction } from './runner.ts';
import { type App, cleanUp, containersOf, ROOT, sample, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** A fresh checkout of this repository, as a runner makes of an action. The first use installs it. */
let action: string;
let drains: App;
let passing: Used;

beforeAll(async () => {
  action = await temporaryFolder();
  const left = ['.git', 'node_modules', 'dist', 'reports', 'test'].map((name) => path.join(ROOT, name));
  await cp(ROOT, action, { recursive: true, filter: (file) => !left.includes(file) });
  drains = await sample('drains');
  passing = await use(drains, { target: 'Dockerfile', args: '--warmup=1s\n--env=GREETING=it is "$(id)"' });
});

afterAll(cleanUp);

function use({ folder }: App, given: Readonly<Record<string, string>>): Promise<Used> {
  return useAction({ action, workspace: folder }, given);
}

/** What the last step wrote, for a message that says why a test failed. */
function said({ steps }: Used): string {
  return steps.map(({ stdout, stderr }) => stdout + stderr).join('\n');
}

describe('a workflow that uses the action', () => {
  test('installs it from its own checkout, and gets a pass as outputs and files', async () => {
    expect({ codes: passing.steps.map(({ exitCode }) => exitCode), said: said(passing) }).toMatchObject({
      codes: [0, 0],
      said: expect.stringMatching(/^PASS /m),
    });
    const folder = path.join(drains.folder, 'reports');
    expect(passing.outputs).toMatchObject({ verdict: 'pass', 'exit-code': '0', folder });
    const { runs } = JSON.parse(await readFile(passing.outputs['result'] ?? '', 'utf8')) as Result;
    expect(runs[0]?.plan.resolved.load).toMatchObject({ warmupMs: 1000 });
    expect(passing.summary).toMatch(/PASS/);
    expect(await readFile(passing.outputs['junit'] ?? '', 'utf8')).toMatch(/<testsuites[^>]* tests="1"/);
    expect(JSON.parse(await readFile(passing.outputs['sarif'] ?? '', 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  test('fails where the stop loses something, with every output and file there all the same', async () => {
    const app = await sample('abrupt-exit');
    const used = await use(app, { target: '.', args: '--warmup=1s', name: 'api', output: 'out/of it' });
    expect({ code: used.steps.at(-1)?.exitCode, said: said(used) }).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^FAIL /m),
    });
    const folder = path.join(app.folder, 'out', 'of it');
    expect(used.outputs).toMatchObject({
      ...{ verdict: 'fail', 'exit-code': '1', folder, junit: path.join(folder, 'junit.xml') },
      ...{ result: path.join(folder, 'result.json'), sarif: path.join(folder, 'report.sarif') },
    });
    expect(await readFile(used.outputs['junit'] ?? '', 'utf8')).toContain('ABRUPT_EXIT');
    expect(await readFile(used.outputs['html'] ?? '', 'utf8')).toContain('ABRUPT_EXIT');
    expect(used.summary).toContain('ABRUPT_EXIT');
    expect(said(used)).toMatch(/^::error .*ABRUPT_EXIT/m);
    expect(await containersOf(app)).toEqual([]);
  });

  test('fails with 2 where it could not run, without what an earlier step has left', async () => {
    const app = await sample('drains');
    const result = path.join(app.folder, 'reports', 'result.json');
    await cp(passing.outputs['result'] ?? '', result);
    const used = await use(app, { target: 'nosuch/Dockerfile' });
    expect(used.steps.at(-1)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nosuch/Dockerfile') });
    expect(used.outputs).toMatchObject({ verdict: '', 'exit-code': '2', result: '', junit: '' });
    expect(existsSync(result)).toBe(false);
  });
});

describe('inputs that would be commands in a script', () => {
  const into = (file: string): readonly string[] => [
    `$(touch ${file})`,
    `\`touch ${file}\``,
    `.; touch ${file} #`,
    `'; touch ${file}; '`,
    `"; touch ${file}; "`,
    `.\ntouch ${file}\n`,
    `\${{ github.token }} && touch ${file}`,
  ];

  test.each(['target', 'path', 'args', 'reporters', 'output', 'name'])('are but text in %s', async (name) => {
    const folder = await temporaryFolder();
    const mark = path.join(folder, 'owned');
    await writeFile(path.join(folder, 'Dockerfile'), 'FROM shutdown-check-test/nosuch\n');
    for (const value of into(mark)) {
      const used = await use(
        { folder, label: '' },
        { target: '.', args: '--pull=never', grace: 'never', [name]: value },
      );
      expect(used.steps.at(-1)?.exitCode).toBe(2);
      expect(used.outputs).toMatchObject({ 'exit-code': '2', verdict: '' });
      expect({ value, isThere: existsSync(mark) }).toEqual({ value, isThere: false });
    }
  });

  test('get no flag in by the target', async () => {
    const used = await use(drains, { target: '--volume=/:/host' });
    expect(used.steps.at(-1)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^target cannot be "--volume=\/:\/host": it is a Dockerfile/),
    });
  });
});
