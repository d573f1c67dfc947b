import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test, vi } from 'vitest';

import type { Result } from '../../src/result.ts';
import { cleanUp, program, ROOT, shutdownCheck, start, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(cleanUp);

const QUICK = ['--warmup', '500ms', '--grace', '700ms', '--quiet'];
const DRAINS = path.join(ROOT, 'sample-apps', 'drains', 'server.js');
/** Shells become their last command; this one has another to come. */
const BEHIND_A_SHELL = ['sh', '-c', `node ${DRAINS}; true`];
/** So long until what was killed is gone, on a busy machine too. */
const SECONDS = { timeout: 10_000, interval: 100 };

/** Writes results where nobody looks: the default folder is the project's own. */
async function exec(...args: readonly string[]) {
  return await shutdownCheck(['exec', '--output', await temporaryFolder(), ...args]);
}

/** What is said by an `exec` that cannot run: exit code 2, nothing on standard output, no stack. */
async function refusal(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await exec('--quiet', ...args);
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('bug in shutdown-check');
  return stderr;
}

describe('a command line that does not hold', () => {
  test.each([
    [[], 'exec needs a command after --, and there is none.\nFor example: shutdown-check exec -- npm start\n'],
    [['--init', '--'], 'exec needs a command after --, and there is none.\n'],
    [['--', ''], 'exec needs a command after --, and the first word there is empty.\n'],
    [
      ['--init', 'node', '--inspect', 'a b.js'],
      `exec takes its command after --, and "node" stands before.\nWrite: shutdown-check exec --init -- node --inspect 'a b.js'\n`,
    ],
    [['npm', 'run', 'start', '--', '--port', '80'], 'Write: shutdown-check exec -- npm run start -- --port 80\n'],
    [
      ['.', '--', 'npm', 'start'],
      'exec takes a command after --, and "." is none.\n' +
        'For an image: shutdown-check run .\nFor the command: shutdown-check exec -- npm start\n',
    ],
    [['./Dockerfile'], 'For an image: shutdown-check run ./Dockerfile\n'],
    [['--memory', '256m', '--', 'x'], 'exec takes no --memory: the command runs without a container'],
    [['--constructor', '--', 'x'], 'There is no flag --constructor.\n'],
    [['--grce', '3', '--', 'x'], 'There is no flag --grce. Did you mean --grace?\nSee: shutdown-check exec --help\n'],
    [['--port', 'http', '--', 'x'], '--port cannot be "http": it takes a whole number from 1 to 65535.\n'],
    [['--network', 'bridge', '--', 'x'], '--network cannot be "bridge": it takes one of own, host.\n'],
    [['--grace', 'soon', '--', 'x'], 'For example: --grace 500ms\n'],
  ])('%j is answered with what to write', async (args, want) => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['exec', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(want);
  });
});

describe.runIf(process.platform === 'linux')('exec', () => {
  test('of an app that drains gives PASS and exit code 0, after a line for each stage and one for the file', async () => {
    const folder = await temporaryFolder();
    const { exitCode, stdout, stderr } = await shutdownCheck([
      ...['exec', '--warmup', '500ms', '--output', folder, '--', 'node', DRAINS],
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
    expect(stderr).toMatch(
      /^start: .+\nready: .+\ncalibrate: .+\nwarm-up: .+\nstop: .+\ndone: stopped\nSaved in .+\n$/,
    );
    const { runs } = JSON.parse(await readFile(path.join(folder, 'result.json'), 'utf8')) as Result;
    expect(runs.map(({ ledger }) => ledger)).toEqual(['result.ledger.gz']);
  });

  test('of the same app behind a shell gives FAIL and exit code 1, with the shell as the cause', async () => {
    const { exitCode, stdout } = await exec(...QUICK, '--', ...BEHIND_A_SHELL);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringMatching(/^FAIL /) });
    expect(stdout).toContain('Cause SHELL_IS_PID1');
    expect(stdout).toContain('SIGKILL at ');
  });

  test('is the same check in the saved result, with another engine and no image', async () => {
    const { exitCode, stdout } = await exec(...QUICK, '--json', '-', '--', ...BEHIND_A_SHELL);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      engine: { kind: 'namespace', apiVersion: null },
      verdict: 'fail',
      runs: [
        {
          target: { imageId: null, command: BEHIND_A_SHELL, stopSignal: 'SIGTERM', via: 'local' },
          termination: { sigkillFired: true, sigkillEvidence: 'event', exitCode: 137 },
        },
      ],
    });
  });

  test('takes a worker without a port', async () => {
    const worker = path.join(ROOT, 'sample-apps', 'worker-drains', 'worker.js');
    const { exitCode, stdout, stderr } = await exec(
      ...['--quiet', '--warmup', '1s', '--load', 'none', '--job-start', 'job (\\d+) begins'],
      ...['--job-end', 'job (\\d+) done', '--', 'node', worker],
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^PASS /);
  });

  test('passes on the environment, and --env over it', async () => {
    const script = 'process.exit(process.env.INHERITED === "here" && process.env.GIVEN === "there" ? 7 : 1)';
    const { stderr } = await shutdownCheck(['exec', '--quiet', '--env', 'GIVEN=there', '--', 'node', '-e', script], {
      env: { INHERITED: 'here', GIVEN: 'here' },
    });
    expect(stderr).toContain('exit code 7');
  });
});

describe.runIf(process.platform === 'linux').concurrent('exec cannot run', () => {
  test('what is no program', async () => {
    const said = await refusal('--', 'no-such-program', '--now');
    expect(said).toMatch(/^The command cannot be started: .*no-such-program/);
  });

  test('a command line in one word, and says how to give it', async () => {
    expect(await refusal('--', `node ${DRAINS}`)).toContain(`-- node ${DRAINS}`);
  });

  test('a command that listens on another port than the one given, and names the other', async () => {
    const said = await refusal('--port', '4999', '--ready-timeout', '2s', '--', 'node', DRAINS);
    expect(said).toContain('4999');
    expect(said).toContain('3000');
  });

  test('a command that never listens', async () => {
    const said = await refusal('--ready-timeout', '1s', '--', 'node', '-e', 'setInterval(() => {}, 1000)');
    expect(said).toContain('--ready-timeout');
  });

  test('a command that exits by itself, and shows what it put out', async () => {
    const script = "console.log('connecting'); console.error('no DATABASE_URL'); process.exit(3)";
    const said = await refusal('--', 'node', '-e', script);
    expect(said).toMatch(/^The command exited before it was stopped: exit code 3\.\n/);
    expect(said).toContain('stdout: connecting\n');
    expect(said).toContain('stderr: no DATABASE_URL\n');
  });

  test('a command that goes into the background', async () => {
    const said = await refusal('--', 'sh', '-c', 'sleep 50 & exit 0');
    expect(said).toContain('it has to stay in the foreground');
  });

  test('a command whose port is taken', async () => {
    const script = "console.error('listen EADDRINUSE: address already in use :::3000'); process.exit(1)";
    expect(await refusal('--network', 'host', '--', 'node', '-e', script)).toContain('Its port is taken');
  });
});

describe.runIf(process.platform === 'linux').concurrent('exec leaves no process behind', () => {
  test.each([
    ['Ctrl-C in the warm-up', 'SIGINT', 130, ['--warmup', '50s'], ['node', DRAINS], /^warm-up:/m],
    ['Ctrl-C in the grace period', 'SIGINT', 130, ['--warmup', '500ms', '--grace', '50s'], BEHIND_A_SHELL, /^stop:/m],
    ['Ctrl-C before it listens', 'SIGINT', 130, [], ['sh', '-c', 'sleep 50; true'], /^start:/m],
    ['SIGTERM in the warm-up', 'SIGTERM', 143, ['--warmup', '50s'], ['node', DRAINS], /^warm-up:/m],
  ] as const)('after %s', async (_, signal, wanted, flags, command, stage) => {
    const { running, mark } = await begin(flags, command);
    await running.sees(stage);
    running.child.kill(signal);
    const { exitCode, stdout } = await running.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: wanted, stdout: '' });
    expect(await withMark(mark)).toEqual([]);
  });

  test('after kill -9', async () => {
    const { running, mark } = await begin(['--warmup', '50s'], ['node', DRAINS]);
    await running.sees(/^warm-up:/m);
    expect(await withMark(mark)).not.toEqual([]);
    running.child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await withMark(mark)).toEqual([]), SECONDS);
  });
});

/** An `exec` under way, and the text that every process of its command has in its environment. */
async function begin(flags: readonly string[], command: readonly string[]) {
  const mark = randomUUID();
  const folder = await temporaryFolder();
  const running = start(['exec', '--output', folder, '--env', `MARK=${mark}`, ...flags, '--', ...command]);
  return { running, mark };
}

/** The processes that have it in their environment. */
async function withMark(mark: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => environments[at]?.includes(mark));
}

test.runIf(process.platform === 'linux')('exec says what is missing where there is no unshare', async () => {
  const folder = await temporaryFolder();
  const node = path.relative(folder, process.execPath);
  const { exitCode, stderr } = await program(process.execPath, [path.join(ROOT, 'src', 'cli.ts'), 'exec', '--', node], {
    env: { PATH: folder },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('unshare');
});
