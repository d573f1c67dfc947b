import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { cleanUp, server, shutdownCheck, start, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
afterAll(cleanUp);

const QUICK = ['--warmup', '500ms', '--grace', '4s', '--quiet', '--kernel-trace', 'off'];
const FIRST = { DRAIN_MS: '0' };
/** Longer than half of it again and a second: what a single run would pass as the same. */
const LONGER = { DRAIN_MS: '2000' };

let folder = '';
let app = '';
let flaky = '';
let fails = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  [app, flaky, fails] = ['app.mjs', 'flaky.mjs', 'fails.mjs'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const slowly = `
    await sleep(200);
    if (stopping) {
      response.setHeader('Connection', 'close');
      await sleep(Number(process.env.DRAIN_MS ?? 0));
    }
    response.end('done');`;
  await writeFile(app, server(slowly, "process.on('SIGTERM', drain);"));
  await writeFile(fails, server(slowly, "process.on('SIGTERM', () => process.exit(0));"));
  await writeFile(
    flaky,
    `import { readFileSync, writeFileSync } from 'node:fs';
     let starts = 0;
     try { starts = Number(readFileSync(process.env.STARTS, 'utf8')); } catch {}
     writeFileSync(process.env.STARTS, String(starts + 1));
     ${server(slowly, "process.on('SIGTERM', starts === 1 ? () => process.exit(0) : drain);")}`,
  );
});

/** A check whose result goes where nobody looks. */
async function exec(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const output = await temporaryFolder();
  const ended = await shutdownCheck(['exec', ...QUICK, '--output', output, ...args], { env });
  const saved = await readFile(path.join(output, 'result.json'), 'utf8').catch(() => null);
  return { ...ended, result: saved === null ? null : (JSON.parse(saved) as Result) };
}

function baseline(name: string): string {
  return path.join(folder, `${name}.json`);
}

describe.runIf(process.platform === 'linux')('--repeat', () => {
  test('fails for one loss in three, says so first, and shows the run that lost', async () => {
    const STARTS = path.join(folder, 'starts');
    const { exitCode, stdout, result } = await exec(['--repeat', '3', '--', 'node', flaky], { STARTS });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}1 of 3 stops lost \d+ requests?\b/);
    expect(stdout).toContain('the worst of them: run 2 of 3');
    expect(result?.runs.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'pass']);
    expect(result?.repeats).toMatchObject([{ asked: 3, runs: 3, losing: 1, failed: 1, ended: { kind: 'complete' } }]);
  });

  test('proves what mends only the worst of its runs', async () => {
    const { exitCode, result } = await exec(['--repeat', '2', '--prove', '--', 'sh', '-c', `node ${app}; true`]);
    expect(exitCode).toBe(1);
    expect(result?.runs.filter(({ proofs }) => proofs.length > 0)).toHaveLength(1);
  });

  test('tells what there is where a later run cannot take place, and ends with 2', async () => {
    const STARTS = path.join(folder, 'once');
    const once = path.join(folder, 'once.mjs');
    const head = `import { existsSync, writeFileSync } from 'node:fs';
      if (existsSync(process.env.STARTS)) process.exit(3);
      writeFileSync(process.env.STARTS, '');`;
    await writeFile(once, `${head}\n${await readFile(app, 'utf8')}`);
    const { exitCode, stdout, result } = await exec(['--repeat', '3', '--', 'node', once], { STARTS });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Ended after 1 of 3 runs: run 2 could not be run.');
    expect(result?.repeats).toMatchObject([{ asked: 3, runs: 1, ended: { kind: 'broken' } }]);
  });

  test('that is interrupted tells of the runs that were done', async () => {
    const output = await temporaryFolder();
    const args = QUICK.filter((arg) => arg !== '--quiet');
    const running = start(['exec', ...args, '--output', output, '--repeat', '50', '--', 'node', app]);
    await running.sees(/run 1 of 50: pass/);
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^PASS[^]*Interrupted after \d+ of 50 runs; what follows is of these\./);
  });
});

describe.runIf(process.platform === 'linux')('--baseline', () => {
  test('passes what is as it was, and ends with 1 for a drain that is longer, although the verdict passes', async () => {
    const gate = ['--baseline', baseline('drain'), '--name', 'api'];
    const written = await exec([...gate, '--update-baseline', '--', 'node', app], FIRST);
    expect(written.exitCode).toBe(0);
    const kept = JSON.parse(await readFile(baseline('drain'), 'utf8')) as Result;
    expect(kept.runs).toMatchObject([{ verdict: 'pass', ledger: null }]);

    const same = await exec([...gate, '--', 'node', app], FIRST);
    expect(same).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing is worse than it was.') });

    const longer = await exec([...gate, '--', 'node', app], LONGER);
    expect(longer).toMatchObject({ exitCode: 1, result: { verdict: 'pass' } });
    expect(longer.stdout).toMatch(/^REGRESSION {2}Worse than in the baseline[^]*\nPASS /);
    expect(longer.result?.baseline?.comparisons).toMatchObject([{ name: 'api', regressions: [{ kind: 'drain' }] }]);
    expect(await readFile(baseline('drain'), 'utf8')).toBe(`${JSON.stringify(kept, null, 2)}\n`.replace(LISTS, flat));

    const updated = await exec([...gate, '--update-baseline', '--', 'node', app], LONGER);
    expect(updated.exitCode).toBe(0);
    expect((await exec([...gate, '--', 'node', app], LONGER)).exitCode).toBe(0);
  });

  test('refuses another plan before anything is run, with both values', async () => {
    await exec(['--baseline', baseline('plan'), '--update-baseline', '--', 'node', app]);
    const { exitCode, stdout, stderr } = await exec([
      ...['--baseline', baseline('plan'), '--grace', '3s', '--rate', '20', '--', 'node', app],
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('  --grace: was 4s, is 3s\n  --rate: was auto, is 20\n');
    expect(stderr).toContain('--update-baseline');
  });

  test('does not count a failure that is known, with --fail-on regression, and says loudly that it is one', async () => {
    const gate = ['--baseline', baseline('known')];
    expect((await exec([...gate, '--update-baseline', '--', 'node', fails])).exitCode).toBe(1);
    expect((await exec([...gate, '--', 'node', fails])).exitCode).toBe(1);
    const known = await exec([...gate, '--fail-on', 'regression', '--', 'node', fails]);
    expect(known).toMatchObject({ exitCode: 0, result: { verdict: 'fail' } });
    expect(known.stdout).toMatch(/^KNOWN FAILURE {2}[^]*\nFAIL /);
  });

  test('is not written from a check that could not tell', async () => {
    const gate = ['--baseline', baseline('unclear'), '--update-baseline'];
    const { exitCode } = await exec([...gate, '--load', 'none', '--', 'node', app]);
    expect(exitCode).toBe(3);
    await expect(readFile(baseline('unclear'), 'utf8')).rejects.toThrow('ENOENT');
  });

  test.each([
    [
      ['--baseline', 'nowhere.json'],
      'There is no baseline nowhere.json.\nWrite it from this check: add --update-baseline.',
    ],
    [['--update-baseline'], '--update-baseline needs a baseline, and none is named.\n'],
    [['--fail-on', 'regression'], '--fail-on needs a baseline, and none is named.\n'],
    [['--baseline', 'b.json', '--fail-on', 'loss'], '--fail-on cannot be "loss": it takes one of fail, regression.\n'],
    [['--baseline', 'r.json', '--json', 'r.json'], '--baseline r.json is where this check saves its own result'],
    [['--repeat', '0'], '--repeat cannot be "0": it takes a whole number from 1 to 1000.\n'],
    [['--load', 'none', '--max-drain', '2s'], 'maxDrainMs (--max-drain) has no place beside it.\n'],
  ])('%j is answered with what is wrong', async (args, want) => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['exec', ...args, '--', 'node', app]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(want);
  });
});

describe.runIf(process.platform === 'linux')('an expectation', () => {
  test('that is not kept fails a check that loses nothing, and the verdict says which', async () => {
    const { exitCode, stdout } = await exec(['--max-drain', '500ms', '--', 'node', app], LONGER);
    expect(exitCode).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /^FAIL Nothing was lost, but the drain took [\d.]+ s, and `--max-drain` is 500 ms; exit code 0\./,
    );
    expect(stdout).toContain('Error OVER_BUDGET');
  });
});

/** Lists of numbers are saved on one line. */
const LISTS = /\[\n[\s\d.,eE+-]+\]/g;
function flat(list: string): string {
  return list.replace(/\s+/g, ' ');
}
