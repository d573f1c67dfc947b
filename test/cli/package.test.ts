import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { cleanUp, docker, packInto, program, ROOT, sample, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });

/** An empty folder into which the packed program was installed. */
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await packInto(folder);
});

afterAll(cleanUp);

const installed = (...args: readonly string[]) =>
  program(path.join(folder, 'node_modules', '.bin', 'shutdown-check'), args, { cwd: folder });

describe('the installed program', () => {
  test('tells the version of the package', async () => {
    const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await installed('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('lists its scenarios', async () => {
    const { exitCode, stdout } = await installed('scenarios', '--list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^exec-form +\S/m);
    expect(stdout).toMatch(/^shell-pid1 +\S.*\n +expects: fail, SHELL_IS_PID1/m);
    expect(stdout).toMatch(/^nginx +\S.*\n.*\n +without an engine: no, its image brings Debian’s nginx/m);
  });

  test.runIf(process.platform === 'linux')('runs a scenario without an engine', async () => {
    const args = ['scenarios', '--engine', 'namespace', 'exec-form', '--output', 'without'];
    const { exitCode, stdout } = await installed(...args);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
    const result = JSON.parse(await readFile(path.join(folder, 'without', 'exec-form.json'), 'utf8')) as Result;
    expect(result).toMatchObject({
      engine: { kind: 'namespace' },
      runs: [{ target: { imageId: null, via: 'local' } }],
    });
  });

  test('shows a saved result as a page, whose script and style come with it', async () => {
    const saved = path.join(ROOT, 'reports', 'example', 'result.json');
    const ended = await installed('report', saved, '--reporter', 'html=page.html');
    expect(ended).toMatchObject({ exitCode: 0 });
    const html = await readFile(path.join(folder, 'page.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html.match(/<style>.*--in-flight/s)).not.toBeNull();
    expect(html).toContain('With Observable Plot and D3');
  });

  test('runs a scenario, whose app comes with it, and keeps its result in reports/', async () => {
    const { exitCode, stdout, stderr } = await installed('scenarios', 'exec-form');
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
    const file = path.join(folder, 'reports', 'exec-form.json');
    const [run] = (JSON.parse(await readFile(file, 'utf8')) as Result).runs;
    expect(run).toMatchObject({ scenario: 'exec-form', asExpected: true, ledger: 'exec-form.ledger.gz' });
    // Other runs of this sample may be building upon the same layers.
    await docker.getImage(run?.target.imageId ?? '').remove({ force: true, noprune: true });
  });
});

describe('the installed library', () => {
  const SCRIPT = `
    import { writeFile } from 'node:fs/promises';
    import { CannotRunError, defineScenario, run, runScenarios } from 'shutdown-check';

    const options = { target: process.argv[2], warmupMs: 1000, graceMs: 5000 };
    const stages = [];
    const onProgress = ({ kind, stage }) => kind === 'stage' && stages.push(stage);
    const { result, ledgers } = await run(options, { onProgress });
    const mine = defineScenario({ name: 'mine', title: 'Drains.', options, expected: { verdict: 'fail' } });
    const { asExpected, runs } = await runScenarios([mine], { parallel: 1 });
    const thrown = await run({ target: './nosuch' }).catch((error) => error);
    const late = await run(options, { signal: AbortSignal.timeout(1500) }).catch((error) => error.name);
    const refused = [thrown instanceof CannotRunError, thrown.message, thrown.nextStep];
    const told = { verdict: result.verdict, rows: ledgers[0].length, stages, asExpected, unexpected: runs[0].unexpected };
    await writeFile('told.json', JSON.stringify({ ...told, refused, late }));
    process.exitCode = 5;
  `;

  test('runs targets and scenarios, prints nothing, throws what the caller can tell, and lets the process end', async () => {
    const { folder: target } = await sample('drains');
    await writeFile(path.join(folder, 'script.mjs'), SCRIPT);
    const ended = await program(process.execPath, ['script.mjs', target], { cwd: folder });
    expect(ended).toEqual({ exitCode: 5, stdout: '', stderr: '' });
    expect(JSON.parse(await readFile(path.join(folder, 'told.json'), 'utf8'))).toEqual({
      verdict: 'pass',
      rows: expect.any(Number),
      stages: ['image', 'start', 'ready', 'calibrate', 'warm-up', 'stop', 'done'],
      asExpected: false,
      unexpected: ['verdict pass, expected fail'],
      refused: [true, expect.stringContaining('./nosuch does not exist'), expect.any(String)],
      late: 'TimeoutError',
    });
  });

  const TYPED = `
    import { type Finding, type Result, type RunHooks, type RunOptions, type Scenario, type Verdict } from 'shutdown-check';
    import { assess, CannotRunError, defineScenario, loadScenarios, readLedger, run, runScenarios, saveResult } from 'shutdown-check';

    const options: RunOptions = { target: '.', rate: 'auto', requests: [{ path: '/', share: 2 }], graceMs: 30_000 };
    const hooks: RunHooks = { onProgress: (progress) => void (progress.kind === 'stage' && progress.text.length) };
    // @ts-expect-error: it is a number
    export const wrong: RunOptions = { target: '.', graceMs: '30s' };

    export async function check(): Promise<readonly Finding[]> {
      const { result, ledgers } = await run(options, hooks);
      const verdict: Verdict = result.verdict;
      await saveResult(result, ledgers, verdict + '.json');
      const [record] = result.runs;
      const ledger = await readLedger(record?.ledger ?? 'result.ledger.gz');
      return record ? assess(record.observation, ledger).findings : [];
    }

    export async function all(): Promise<Result | string> {
      const mine: Scenario = defineScenario({ name: 'mine', title: 'Mine.', options, expected: { verdict: 'pass' } });
      try {
        return await runScenarios([...(await loadScenarios()), mine], { parallel: 2 });
      } catch (error) {
        if (error instanceof CannotRunError) return [error.message, ...error.detail, error.nextStep ?? ''].join(' ');
        throw error;
      }
    }
  `;

  test('has types that hold in a strict project which checks its libraries and has no others', async () => {
    const typed = path.join(folder, 'typed');
    await mkdir(typed);
    await writeFile(path.join(typed, 'check.ts'), TYPED);
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const compilerOptions = {
      ...strict,
      ...{ target: 'es2022', lib: ['es2022', 'dom', 'esnext.disposable'], module: 'nodenext' },
      ...{ types: [], skipLibCheck: false, noEmit: true },
    };
    await writeFile(path.join(typed, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['check.ts'] }));
    const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
    expect(await program(process.execPath, [tsc, '-p', typed])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});
