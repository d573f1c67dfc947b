import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { app, cleanUp, shutdownCheck, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });
afterAll(cleanUp);

const lint = async (files: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const { folder } = await app(files);
  return { folder, ...(await shutdownCheck(['lint', ...args], { cwd: folder })) };
};

// The second line of each Dockerfile is the mark of these tests.
const SHELL_FORM = 'FROM node:24-bookworm-slim\nCMD \tnode server.js\n';

describe.concurrent('what lint prints', () => {
  test('comes as SARIF into a file beside the text, each finding at its line and column', async () => {
    const run = await lint({ Dockerfile: SHELL_FORM }, '.', '--reporter', 'sarif=reports/lint.sarif');
    expect(run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1 error.'), stderr: '' });
    const log = JSON.parse(await readFile(path.join(run.folder, 'reports/lint.sarif'), 'utf8'));
    expect(log.runs[0].results).toMatchObject([
      {
        ruleId: 'SHELL_FORM',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'Dockerfile', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 6 },
            },
          },
        ],
      },
    ]);
  });

  test('has annotations after the text in a workflow of GitHub Actions, once', async () => {
    const { folder } = await app({ Dockerfile: SHELL_FORM });
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: path.dirname(folder) };
    for (const asked of [[], ['--reporter', 'github']]) {
      const { stdout } = await shutdownCheck(['lint', '.', ...asked], { cwd: folder, env });
      const commands = stdout.split('\n').filter((line) => line.startsWith('::'));
      expect(commands).toHaveLength(1);
      expect(commands[0]).toMatch(
        new RegExp(`^::error file=${path.basename(folder)}/Dockerfile,line=3,col=6,title=SHELL_FORM::.+%0ADo: Write`),
      );
      expect(stdout).toContain('1 error.');
    }
  });

  test('refuses two things on standard output, and a format that there is not', async () => {
    const two = await lint({ Dockerfile: SHELL_FORM }, '.', '--json', '-', '--reporter', 'sarif');
    expect(two).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('would both write') });
    const none = await lint({ Dockerfile: SHELL_FORM }, '.', '--reporter', 'junit');
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('one of sarif, github') });
  });

  test('names file, line and column as editors do, with the line and a caret; exit code 1', async () => {
    const { exitCode, stdout, stderr } = await lint({ Dockerfile: SHELL_FORM }, '.');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toBe(
      `Dockerfile:3:6 error SHELL_FORM
    3 | CMD   node server.js
      |       ^
  \`CMD node server.js\` is shell form: \`/bin/sh -c\` becomes PID 1 and starts
  \`node server.js\`. Debian's shell, dash, stays. It passes no signal on, so
  \`node server.js\` never learns of the stop.
  Do: Write \`CMD ["node", "server.js"]\` instead of \`CMD node server.js\`, so that
      the app itself gets the signal.
  Not known: whether the base image \`node:24-bookworm-slim\` has Debian's own
             shell, as its name says.

1 error.
lint sees only files: \`shutdown-check run Dockerfile\` shows what really happens.
`,
    );
  });

  test('is 0 where there are warnings alone, and where there is nothing', async () => {
    const warning = await lint({ Dockerfile: 'FROM node:alpine\nCMD node server.js\n' }, 'Dockerfile');
    expect(warning).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('\n1 warning.\n') });
    const clean = await lint({ Dockerfile: 'FROM node:alpine\nCMD ["node", "a"]\n' }, '.');
    expect(clean).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Nothing to tell of Dockerfile\.\nlint /),
    });
  });

  test('ends with a command that a shell takes as it is', async () => {
    const { stdout } = await lint({ 'my Dockerfile': 'FROM node:alpine\nCMD ["node", "a"]\n' }, 'my Dockerfile');
    expect(stdout).toContain("`shutdown-check run 'my Dockerfile'` shows");
  });

  test('comes as JSON too, the text on standard error', async () => {
    const { exitCode, stdout, stderr } = await lint({ Dockerfile: SHELL_FORM }, '.', '--json', '-');
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      dockerfile: 'Dockerfile',
      findings: [{ code: 'SHELL_FORM', severity: 'error', file: 'Dockerfile', line: 3, column: 6 }],
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('SHELL_FORM') });
  });

  test('goes to a file', async () => {
    const { folder, stdout } = await lint({ Dockerfile: SHELL_FORM }, '.', '--json', 'lint.json');
    expect(stdout).toContain('SHELL_FORM');
    expect(JSON.parse(await readFile(path.join(folder, 'lint.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 });
  });

  test('takes build arguments and a stage', async () => {
    const Dockerfile = 'ARG OS\nFROM node:24-${OS} AS one\nCMD node a\nFROM one\nCMD ["a"]\n';
    const args = ['.', '--build-target', 'one', '--build-arg'];
    expect(await lint({ Dockerfile }, ...args, 'OS=alpine')).toMatchObject({ exitCode: 0 });
    expect(await lint({ Dockerfile }, ...args, 'OS=bookworm')).toMatchObject({ exitCode: 1 });
  });

  test('does not follow a link out of the context', async () => {
    const outside = await app({ 'start.sh': 'node a\n' });
    const { folder } = await app({ Dockerfile: 'FROM node:24\nCOPY . /\nCMD ["/start.sh"]\n' });
    await symlink(path.join(outside.folder, 'start.sh'), path.join(folder, 'start.sh'));
    expect((await shutdownCheck(['lint', folder])).stdout).toContain('info SCRIPT_UNREAD');
  });
});

describe.concurrent('lint could not lint', () => {
  const refusal = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await shutdownCheck(['lint', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    return stderr;
  };

  test('where nothing of that name is there', async () => {
    expect(await refusal('nowhere')).toMatch(/^nowhere does not exist \(looked in .+\)\.\nName an existing Dockerfile/);
  });

  test('where a folder has none, with the files that look like one', async () => {
    expect(await refusal(await temporaryFolder())).toMatch(
      /There is no Dockerfile in the folder .+\nName the Dockerfile/,
    );
    const { folder } = await app({ 'api.Dockerfile': SHELL_FORM });
    expect(await refusal(folder)).toContain(`shutdown-check lint ${path.join(folder, 'api.Dockerfile')}\n`);
  });

  test.each([
    ['', /Dockerfile is empty\.\n/],
    ['# FROM x\n', /Dockerfile is empty\.\n/],
    ['RUN x\n', /has no FROM, so it is no Dockerfile that could be built\.\n {2}line 1: RUN x\n/],
  ])('where the Dockerfile is %j', async (Dockerfile, message) => {
    expect(await refusal((await app({ Dockerfile })).folder)).toMatch(message);
  });

  test('where it is no text, which does not reach the terminal', async () => {
    const { exitCode, stderr } = await lint({ Dockerfile: '\u007fELF\u0002\u0001\u001b[2J\u0000x\n' }, '.');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Dockerfile has no FROM, so it is no Dockerfile that could be built.\n  line 1: ELF');
    expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test('where there is no such stage', async () => {
    const { folder } = await app({ Dockerfile: 'FROM x AS one\n' });
    expect(await refusal(folder, '--build-target', 'two')).toMatch(/has no stage "two"\.\nIt has: one\.\n/);
  });

  test('on bad usage', async () => {
    expect(await refusal()).toContain('lint needs a Dockerfile');
    expect(await refusal('a', 'b')).toContain('was given "a" and "b"');
    expect(await refusal('.', '--contxt', 'a')).toContain('Did you mean --context?');
    expect(await refusal('.', '--grace', '3s')).toContain('There is no flag --grace');
  });
});
