import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { assess } from '../../src/assess.ts';
import { OUTCOMES } from '../../src/load/outcomes.ts';
import type { Result, RunRecord } from '../../src/result.ts';
import { readLedger } from '../../src/save.ts';
import {
  type App,
  app,
  cleanUp,
  dockerfile,
  imageOf,
  sample,
  server,
  shutdownCheck,
  temporaryFolder,
} from './support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const QUICK = ['--warmup', '1s', '--quiet'];
const WORK = "await sleep(200); response.end('done');";

let drains: App;
beforeAll(async () => {
  drains = await sample('drains');
});
afterAll(cleanUp);

/** One run, and its record as the program saves it. */
async function recordOf(
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly run: RunRecord }> {
  const { exitCode, stdout, stderr } = await shutdownCheck(['run', ...QUICK, '--json', '-', ...args]);
  if (stdout === '') expect.fail(`exit code ${exitCode}: ${stderr}`);
  const [run] = (JSON.parse(stdout) as Result).runs;
  return { exitCode, run: run! };
}

const codesOf = ({ findings }: RunRecord): readonly string[] => findings.map(({ code }) => code);

test('an app that drains gives PASS and exit code 0, after a line for each stage and one for the file', async () => {
  const output = await temporaryFolder();
  const { exitCode, stdout, stderr } = await shutdownCheck([
    'run',
    drains.folder,
    '--warmup',
    '1s',
    '--output',
    output,
  ]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
  expect(stdout).toContain('SIGTERM');
  const stages =
    /^image: .+\nstart: .+\nready: .+\ncalibrate: .+\nwarm-up: .+\nstop: .+\ndone: stopped\nSaved in .+\n$/;
  expect(stderr).toMatch(stages);
  expect(stderr).toContain(`Saved in ${output}/result.json.`);
});

describe.concurrent('the exit code and the first word', () => {
  test('are 1 and FAIL for the same app behind a shell, with the line to change', async () => {
    const { exitCode, stdout } = await shutdownCheck([
      ...['run', path.join(drains.folder, 'shell-form.Dockerfile')],
      ...[...QUICK, '--grace', '2s'],
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringMatching(/^FAIL /) });
    expect(stdout).toContain('Cause SHELL_IS_PID1');
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain('Write `CMD ["node", "server.js"]` instead of `CMD node server.js`');
    expect(words).toMatch(/ CMD is at \S+shell-form\.Dockerfile:7\. /);
  });

  test('are 3 and what could not be told where nothing was in flight', async () => {
    const { exitCode, stdout } = await shutdownCheck([
      ...['run', drains.folder, ...QUICK, '--rate', '0.1', '--env', 'WORK_MS=1'],
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringMatching(/^INCONCLUSIVE /) });
    expect(stdout).toContain('NOTHING_IN_FLIGHT');
  });
});

describe.concurrent('the saved result', () => {
  test('goes to standard output with `--json -`, and the report to standard error', async () => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['run', drains.folder, ...QUICK, '--json', '-']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, verdict: 'pass', runs: [{ ledger: null }] });
    expect(stderr).toMatch(/^PASS /);
  });

  test.each([
    ['a run that passes', 'Dockerfile', 0],
    ['a run that fails', 'shell-form.Dockerfile', 1],
  ])('of %s and its ledger give the same judgement again', async (_, file, wanted) => {
    const folder = path.join(await temporaryFolder(), 'made', 'for-it');
    const { exitCode, stdout } = await shutdownCheck([
      ...['run', path.join(drains.folder, file), ...QUICK, '--grace', '2s'],
      ...['--json', path.join(folder, 'mine.json')],
    ]);
    expect(exitCode).toBe(wanted);
    expect(stdout).toMatch(wanted === 0 ? /^PASS / : /^FAIL /);

    const [run] = (JSON.parse(await readFile(path.join(folder, 'mine.json'), 'utf8')) as Result).runs;
    expect(run?.ledger).toBe('mine.ledger.gz');
    const ledger = await readLedger(path.join(folder, 'mine.ledger.gz'));
    const { verdict, findings, requests, jobs, termination, processes, timeline } = run!;
    const again: unknown = JSON.parse(JSON.stringify(assess(run!.observation, ledger)));
    expect(again).toEqual({ verdict, findings, requests, jobs, termination, processes, timeline });

    expect(OUTCOMES.reduce((sum, outcome) => sum + requests[outcome], 0)).toBe(requests.sent);
    expect(requests.sent).toBeGreaterThan(0);
    expect(requests.sent).toBeLessThanOrEqual(ledger.length);
    expect(termination.sigkillFired).toBe(wanted === 1);
  });

  test('goes to the folder of --output', async () => {
    const folder = await temporaryFolder();
    const { exitCode } = await shutdownCheck(['run', drains.folder, ...QUICK, '--output', folder]);
    expect(exitCode).toBe(0);
    const result = JSON.parse(await readFile(path.join(folder, 'result.json'), 'utf8')) as Result;
    expect((await readLedger(path.join(folder, result.runs[0]?.ledger ?? ''))).length).toBeGreaterThan(0);
  });
});

test.concurrent(
  'a target that is an image is taken as it is, and --image prefers it to a folder of its name',
  async () => {
    const named = await sample('drains');
    const cwd = await temporaryFolder();
    const name = path.basename(cwd).toLowerCase();
    expect(await shutdownCheck(['run', named.folder, ...QUICK])).toMatchObject({ exitCode: 0 });
    await (await imageOf(named)).tag({ repo: name, tag: 'latest' });

    const image = await shutdownCheck(['run', `${name}:latest`, ...QUICK], { cwd });
    expect(image).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });

    await mkdir(path.join(cwd, name));
    const folder = await shutdownCheck(['run', name, ...QUICK], { cwd });
    expect(folder).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`no Dockerfile in the folder ${name}`),
    });
    const forced = await shutdownCheck(['run', name, '--image', ...QUICK], { cwd });
    expect(forced).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
  },
);

describe.concurrent('the container', () => {
  const shellForm = (): string => path.join(drains.folder, 'shell-form.Dockerfile');

  test('runs another command with --, which mends a shell form', async () => {
    const { exitCode, run } = await recordOf([shellForm(), '--', 'node', 'server.js']);
    expect({ exitCode, command: run.target.command }).toEqual({ exitCode: 0, command: ['node', 'server.js'] });
    expect(run.processes).toMatchObject([{ isPid1: true, command: 'node server.js' }]);
  });

  test('runs another entrypoint with --entrypoint, its arguments after --', async () => {
    const { exitCode, run } = await recordOf([shellForm(), '--entrypoint', 'node', '--', 'server.js']);
    expect({ exitCode, target: run.target }).toMatchObject({
      exitCode: 0,
      target: { entrypoint: ['node'], command: ['server.js'] },
    });
  });

  test('gets an init with --init, which makes the loss of a shell form quick and does not mend it', async () => {
    const { exitCode, run } = await recordOf([shellForm(), '--init']);
    expect(exitCode).toBe(1);
    expect(codesOf(run)).toContain('NAMESPACE_TEARDOWN');
    expect(run.termination).toMatchObject({ sigkillFired: false, exitCode: 143 });
    expect(run.processes.find(({ isPid1 }) => isPid1)?.command).toMatch(/init/);
  });

  test('is stopped with the signal of --stop-signal', async () => {
    const { folder } = await app({
      Dockerfile: dockerfile('EXPOSE 3000'),
      'server.mjs': server(WORK, "process.on('SIGUSR2', drain);"),
    });
    const { exitCode, run } = await recordOf([folder, '--stop-signal', 'USR2']);
    expect({ exitCode, stopSignal: run.target.stopSignal }).toEqual({ exitCode: 0, stopSignal: 'SIGUSR2' });
    expect(run.termination.signals).toMatchObject([{ signal: 'SIGUSR2', sender: 'engine' }]);
  });

  test('may end with a code that --accept-exit-code names', async () => {
    const { folder } = await sample('exits-137');
    expect(await recordOf([folder])).toMatchObject({
      exitCode: 1,
      run: {
        termination: { sigkillFired: false, exitCode: 137 },
        findings: expect.arrayContaining([expect.objectContaining({ code: 'UNEXPECTED_EXIT_CODE' })]),
      },
    });
    expect(await recordOf([folder, '--accept-exit-code', '137'])).toMatchObject({
      exitCode: 0,
      run: { verdict: 'pass', termination: { exitCode: 137 } },
    });
  });
});

describe.concurrent('the load', () => {
  test('mixes the requests of a file by share and period, with method, headers and body', async () => {
    const { folder } = await app({
      Dockerfile: dockerfile('EXPOSE 3000'),
      'server.mjs': server(
        `let body = '';
         for await (const chunk of request) body += chunk;
         const asked = [request.method, request.url, body, request.headers['x-kind'] ?? ''].join(' ');
         const known = ['GET /  ', 'PUT /orders?new {"item":1} order', 'GET /report  '];
         response.statusCode = known.includes(asked) ? 200 : 500;
         ${WORK}`,
        "process.on('SIGTERM', drain);",
      ),
    });
    const requests = [
      { path: '/', share: 3 },
      { path: '/orders?new', method: 'PUT', body: '{"item":1}', headers: { 'X-Kind': 'order' } },
      { path: '/report', every: '500ms' },
    ];
    const file = path.join(await temporaryFolder(), 'requests.json');
    await writeFile(file, JSON.stringify(requests));
    const json = path.join(path.dirname(file), 'result.json');
    const { exitCode, stdout } = await shutdownCheck([
      ...['run', folder, '--requests', file, '--rate', '40', '--warmup', '3s', '--quiet', '--json', json],
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });

    const ledger = await readLedger(path.join(path.dirname(file), 'result.ledger.gz'));
    const sent = requests.map((_, kind) => ledger.kind.subarray(0, ledger.length).filter((one) => one === kind).length);
    const [steady = 0, orders = 0, reports = 0] = sent;
    expect(steady / orders).toBeCloseTo(3, 0);
    expect(reports).toBeGreaterThanOrEqual(4);
    expect(reports).toBeLessThan(orders);
  });

  test('takes any steady status below 500 as served, and with --expect-status only those named', async () => {
    const { folder } = await app({
      Dockerfile: dockerfile('EXPOSE 3000'),
      'server.mjs': server(
        `response.statusCode = { '/missing': 404, '/busy': 503 }[request.url] ?? 200; ${WORK}`,
        "process.on('SIGTERM', drain);",
      ),
    });
    expect(await recordOf([folder, '--path', '/missing'])).toMatchObject({ exitCode: 0 });
    expect(await recordOf([folder, '--path', '/missing', '--expect-status', '200,204'])).toMatchObject({
      exitCode: 3,
      run: { findings: expect.arrayContaining([expect.objectContaining({ code: 'UNHEALTHY_BEFORE_SIGNAL' })]) },
    });
    expect(await recordOf([folder, '--path', '/busy', '--ready-path', '/', '--expect-status', '503'])).toMatchObject({
      exitCode: 0,
    });
  });

  test('waits until the image’s HEALTHCHECK says healthy', async () => {
    // It answers from the start, but well only three seconds later, and only then its health check succeeds.
    const { folder } = await app({
      Dockerfile: dockerfile(
        'EXPOSE 3000',
        'HEALTHCHECK --interval=1s CMD ["node", "-e", "fetch(\'http://127.0.0.1:3000/health\').then(({ ok }) => process.exit(ok ? 0 : 1))"]',
      ),
      'server.mjs': server(
        `response.statusCode = process.uptime() > 3 || request.url === '/ready' ? 200 : 500; ${WORK}`,
        "process.on('SIGTERM', drain);",
      ),
    });
    const { exitCode, run } = await recordOf([folder, '--ready-path', '/ready']);
    expect({ exitCode, findings: codesOf(run) }).toMatchObject({ exitCode: 0 });
    expect(run.observation.image.hasHealthcheck).toBe(true);
  });
});
