import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lint, type LintOptions } from '../../../src/lint/lint.ts';

const made: string[] = [];
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true });
});

type Files = Readonly<Record<string, string>>;

async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** What is found in a Dockerfile of these lines, and files beside it. */
async function findingsIn(lines: readonly string[], files: Files = {}, options: Partial<LintOptions> = {}) {
  const target = await folderOf({ Dockerfile: `${lines.join('\n')}\n`, ...files });
  return (await lint({ target, ...options })).findings;
}

/** The same as `file:line:column severity CODE`, the Dockerfile's own name left out. */
async function told(lines: readonly string[], files: Files = {}, options: Partial<LintOptions> = {}) {
  const findings = await findingsIn(lines, files, options);
  return findings.map(({ file, line, column, severity, code }) => {
    const name = path.basename(file) === 'Dockerfile' ? '' : `${path.basename(file)}:`;
    return `${name}${line}:${column} ${severity} ${code}`;
  });
}

type Case = readonly [lines: readonly string[], findings: readonly string[], files?: Files];

const table = (cases: readonly Case[]): void => {
  const records = cases.map(([lines, findings, files = {}]) => ({ name: lines.join(' / '), lines, findings, files }));
  test.each(records)('$name: $findings', async ({ lines, findings, files }) => {
    expect(await told(lines, files)).toEqual(findings);
  });
};

const DEBIAN = 'FROM node:24';

describe('a shell in front of the app', () => {
  table([
    [[DEBIAN, 'CMD node server.js'], ['2:5 error SHELL_FORM']],
    [['FROM debian:12', 'ENTRYPOINT node server.js'], ['2:12 error SHELL_FORM']],
    [['FROM team/base:1', 'CMD node server.js'], ['2:5 warning SHELL_FORM']],
    [['FROM node:24-alpine', 'CMD node server.js'], ['2:5 warning SHELL_FORM']],
    [['FROM node:24-alpine', 'CMD node a.js | tee log'], ['2:5 error SHELL_FORM']],
    [['FROM team/base:1', 'CMD node a.js || true'], ['2:5 error SHELL_FORM']],
    [[DEBIAN, 'SHELL ["/bin/bash", "-c"]', 'CMD node server.js'], ['3:5 info SHELL_FORM']],
    [[DEBIAN, 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]', 'CMD a | b'], ['3:5 error SHELL_FORM']],
    [[DEBIAN, 'CMD ["sh", "-c", "node server.js"]'], ['2:18 error SHELL_FORM']],
    [[DEBIAN, 'CMD ["bash", "-lc", "node server.js"]'], ['2:21 info SHELL_FORM']],
    [[DEBIAN, 'CMD ["busybox", "sh", "-c", "node a.js"]'], ['2:29 info SHELL_FORM']],
    [[DEBIAN, 'CMD ["busybox", "ash", "-c", "node a.js | tee b"]'], ['2:30 error SHELL_FORM']],
    [[DEBIAN, 'CMD migrate && \\', '    node server.js'], ['3:5 error SHELL_FORM']],
    [[DEBIAN, 'CMD node a.js & node b.js & wait'], ['2:17 error SHELL_FORM']],
    [[DEBIAN, 'ENTRYPOINT node a.js', 'CMD ["ignored"]'], ['2:12 error SHELL_FORM']],
    [[DEBIAN, 'ENTRYPOINT ["node"]', 'CMD server.js'], ['3:5 warning SHELL_FORM_AS_ARGUMENTS']],
    // The shell, which is the entrypoint's argument, is the word that tini runs.
    [[DEBIAN, 'ENTRYPOINT ["tini", "--"]', 'CMD node server.js'], ['3:5 error INIT_BEFORE_SHELL']],
    [[DEBIAN, 'ENTRYPOINT ["/sbin/tini", "-s", "-e", "143", "--", "sh", "-c", "a"]'], ['2:64 error INIT_BEFORE_SHELL']],
    [['FROM alpine', 'ENTRYPOINT ["dumb-init", "--rewrite", "15:3"]', 'CMD a'], ['3:5 warning INIT_BEFORE_SHELL']],
  ]);
});

describe('near a shell in front of the app', () => {
  table([
    [[DEBIAN, 'CMD ["node", "server.js"]'], []],
    [[DEBIAN, 'CMD exec node server.js'], []],
    [[DEBIAN, 'CMD migrate && exec node server.js'], []],
    [[DEBIAN, 'CMD ["sh", "-c", "exec node server.js --port $PORT"]'], []],
    [[DEBIAN, 'CMD ["sh", "-ec", "exec node server.js"]'], []],
    [[DEBIAN, 'ENTRYPOINT ["tini", "--", "node", "server.js"]'], []],
    [[DEBIAN, 'ENTRYPOINT ["tini", "--"]', 'CMD ["node", "server.js"]'], []],
    [[DEBIAN, 'ENTRYPOINT ["tini", "--"]', 'CMD exec node server.js'], []],
    [[DEBIAN, 'ENTRYPOINT ["node"]', 'CMD ["server.js"]'], []],
    [[DEBIAN, 'CMD node a.js', 'CMD ["node", "b.js"]'], []],
    [[DEBIAN, 'CMD ["node", "a.js"]', 'HEALTHCHECK CMD curl -f localhost || exit 1'], []],
    [[DEBIAN, 'CMD ["node", "a.js"]', 'ONBUILD CMD node b.js'], []],
    [[`${DEBIAN} AS build`, 'CMD node a.js', DEBIAN, 'CMD ["node", "b.js"]'], []],
    [[DEBIAN, 'CMD ["busybox", "httpd", "-f"]'], []],
    [[DEBIAN, 'CMD echo hello'], []],
    [[DEBIAN, 'CMD ["bash"]'], []],
  ]);
});

describe('a list that is none', () => {
  table([
    [[DEBIAN, "CMD ['node', 'server.js']"], ['2:5 error BROKEN_EXEC_FORM']],
    [[DEBIAN, 'ENTRYPOINT ["node", "server.js",]'], ['2:12 error BROKEN_EXEC_FORM']],
    [[DEBIAN, 'CMD [node, server.js]'], ['2:5 error BROKEN_EXEC_FORM']],
    [[DEBIAN, 'CMD [ -n "$A" ] && exec a'], []],
    [[DEBIAN, 'CMD []'], []],
  ]);
});

describe('an entrypoint script', () => {
  const start = [DEBIAN, 'COPY start.sh /app/', 'CMD ["/app/start.sh"]'];
  const script = (...lines: readonly string[]): Files => ({ 'start.sh': `${['#!/bin/sh', ...lines].join('\n')}\n` });
  table([
    [start, ['start.sh:2:1 error SCRIPT_WITHOUT_EXEC'], script('node server.js')],
    [start, ['start.sh:3:3 error SCRIPT_WITHOUT_EXEC'], script('set -e', '  "$@"')],
    [start, ['start.sh:5:3 warning SCRIPT_WITHOUT_EXEC'], script('if a; then', '  exec b', 'else', '  c', 'fi')],
    [start, ['start.sh:3:1 error SCRIPT_WITHOUT_EXEC'], script('trap "kill $p" TERM', 'node server.js')],
    [start, ['start.sh:2:1 error SCRIPT_WITHOUT_EXEC'], script('node server.js &', 'wait')],
    [
      start,
      ['start.sh:2:1 info SCRIPT_TRAPS'],
      script('trap "kill $p" TERM', 'node a &', 'p=$!', 'wait $p', 'wait $p'),
    ],
    [start, [], script('set -e', 'migrate', 'exec node server.js')],
    [start, [], script('mkdir -p /data', '/bin/chown app /data')],
    [start, ['start.sh:2:1 error SCRIPT_WITHOUT_EXEC'], script('node server.js', 'cp log /data')],
    [start, [], script('if [ "$1" = a ]; then', '  set -- node a', 'fi', 'exec "$@"')],
    [start, [], { 'start.sh': '#!/usr/bin/env python3\nimport os\n' }],
    [start, [], { 'start.sh': '#!/usr/bin/env node\nrun()\n' }],
    [start, ['start.sh:2:1 error SCRIPT_WITHOUT_EXEC'], { 'start.sh': '#!/usr/bin/env bash\r\nnode server.js\r\n' }],
    [start, ['3:6 info SCRIPT_UNREAD']],
    [start, ['3:6 info SCRIPT_UNREAD'], script('if a; then', 'node b')],
    [[DEBIAN, 'CMD ["/app/server"]'], []],
    [[DEBIAN, 'COPY server /app/', 'CMD ["/app/server"]'], [], { server: '\u007fELF\0' }],
    [[DEBIAN, 'COPY . .', 'CMD ["sh", "start.sh"]'], ['start.sh:2:1 error SCRIPT_WITHOUT_EXEC'], script('node a')],
    [
      [DEBIAN, 'COPY . .', 'CMD ./start.sh'],
      ['3:5 error SHELL_FORM', 'start.sh:2:1 error SCRIPT_WITHOUT_EXEC'],
      script('node a'),
    ],
    [
      [DEBIAN, 'COPY start.sh /usr/local/bin/entry', 'ENTRYPOINT ["tini", "--", "entry"]'],
      ['start.sh:2:1 error SCRIPT_WITHOUT_EXEC'],
      script('node a'),
    ],
    // What follows `exec "$@"` is the command.
    [
      [DEBIAN, 'COPY start.sh /', 'ENTRYPOINT ["/start.sh"]', 'CMD node server.js'],
      ['4:5 error SHELL_FORM'],
      script('exec "$@"'),
    ],
    [
      [DEBIAN, 'COPY --from=build /start.sh /', 'ENTRYPOINT ["/start.sh"]', 'CMD ["npm", "start"]'],
      ['3:13 info SCRIPT_UNREAD', '4:6 error PACKAGE_MANAGER_AS_PID1'],
    ],
    [
      [DEBIAN, 'COPY start.sh /', 'ENTRYPOINT ["/start.sh"]'],
      ['start.sh:2:6 error PACKAGE_MANAGER_AS_PID1'],
      script('exec npm start'),
    ],
  ]);

  test('is named with the line of the Dockerfile that names it, and what to write', async () => {
    const [finding] = await findingsIn(start, script('node server.js --port "$PORT"'));
    expect(finding?.message).toMatch(/Dockerfile:3\) starts `node server\.js --port "\$PORT"` without `exec`/);
    expect(finding?.advice).toContain('Write `exec node server.js --port "$PORT"`');
    expect(finding?.excerpt).toBe('node server.js --port "$PORT"');
  });

  test('is not looked for outside the context', async () => {
    const outside = await folderOf({ 'start.sh': 'node a\n' });
    const copy = `COPY ../${path.basename(outside)}/start.sh /start.sh`;
    expect(await told([DEBIAN, copy, 'CMD ["/start.sh"]'])).toEqual(['3:6 info SCRIPT_UNREAD']);
  });

  test('is looked for in the context that is given', async () => {
    const context = await folderOf(script('node a'));
    expect(await told(start, {}, { context })).toEqual(['start.sh:2:1 error SCRIPT_WITHOUT_EXEC']);
  });
});

describe('a package manager', () => {
  table([
    [[DEBIAN, 'CMD ["npm", "start"]'], ['2:6 error PACKAGE_MANAGER_AS_PID1']],
    [['FROM node:alpine', 'CMD ["npm", "run", "serve"]'], ['2:6 warning PACKAGE_MANAGER_AS_PID1']],
    [[DEBIAN, 'ENTRYPOINT ["yarn"]', 'CMD ["start"]'], ['2:13 error PACKAGE_MANAGER_AS_PID1']],
    [
      [DEBIAN, 'CMD npm start'],
      ['2:5 error SHELL_FORM', '2:5 error PACKAGE_MANAGER_AS_PID1'],
    ],
    [[DEBIAN, 'ENTRYPOINT ["tini", "--"]', 'CMD ["pnpm", "start"]'], ['3:6 error PACKAGE_MANAGER_AS_PID1']],
    [[DEBIAN, 'CMD ["npm", "--version"]'], []],
    [[DEBIAN, 'CMD ["node", "npm.js", "start"]'], []],
    [[DEBIAN, 'RUN npm ci && npm run build', 'CMD ["node", "dist/a.js"]'], []],
    [[DEBIAN, 'CMD ["pm2-runtime", "a.js"]'], ['2:6 warning SUPERVISOR_AS_PID1']],
    [[DEBIAN, 'CMD ["/usr/bin/supervisord", "-n"]'], ['2:6 warning SUPERVISOR_AS_PID1']],
  ]);

  const advice = async (command: string, scripts: Readonly<Record<string, string>>) =>
    (
      await findingsIn([DEBIAN, 'WORKDIR /app', 'COPY . .', command], { 'package.json': JSON.stringify({ scripts }) })
    )[0]?.advice;

  test('passes the signal on where its script has given up its shell', async () => {
    const files = { 'package.json': JSON.stringify({ scripts: { start: 'exec node a.js', both: 'a; exec b' } }) };
    const found = async (...command: readonly string[]) =>
      told([DEBIAN, 'COPY . .', `CMD ${JSON.stringify(command)}`], files);
    expect(await found('npm', 'start')).toEqual([]);
    expect(await found('npm', 'run', 'both')).toEqual([]);
    expect(await found('yarn', 'start')).toEqual(['3:6 error PACKAGE_MANAGER_AS_PID1']);
    expect(await found('npm', 'run', 'other')).toEqual(['3:6 error PACKAGE_MANAGER_AS_PID1']);
  });

  test('is replaced by what its script says', async () => {
    const scripts = { start: 'node dist/server.js', web: 'NODE_ENV=production node a.js', sub: 'cd dist && node a.js' };
    expect(await advice('CMD ["npm", "start"]', scripts)).toBe(
      'Write `CMD ["node", "dist/server.js"]` instead of `npm start`.',
    );
    expect(await advice('CMD ["yarn", "web"]', scripts)).toContain(
      '`CMD ["env", "NODE_ENV=production", "node", "a.js"]`',
    );
    expect(await advice('CMD ["pnpm", "run", "sub"]', scripts)).toBe(
      'Start `cd dist && node a.js` without pnpm, from a script that ends with `exec`.',
    );
    expect(await advice('CMD ["npm", "run", "other"]', scripts)).toMatch(/^Start the app itself/);
  });
});

describe('the stop signal', () => {
  table([
    [['FROM debian:12', 'CMD ["nginx", "-g", "daemon off;"]'], ['2:6 error NO_STOPSIGNAL']],
    [['FROM debian:12', 'CMD ["php-fpm8.2", "-F"]'], ['2:6 error NO_STOPSIGNAL']],
    [['FROM team/base:1', 'CMD ["/usr/sbin/apache2", "-DFOREGROUND"]'], ['2:6 warning NO_STOPSIGNAL']],
    [['FROM debian:12', 'STOPSIGNAL SIGTERM', 'CMD ["haproxy", "-f", "a"]'], ['2:12 error WRONG_STOP_SIGNAL']],
    [['FROM debian:12', 'STOPSIGNAL 15', 'CMD ["unicorn"]'], ['2:12 error WRONG_STOP_SIGNAL']],
    [['FROM nginx', 'STOPSIGNAL SIGTERM'], ['2:12 error WRONG_STOP_SIGNAL']],
    [['FROM nginx:1.29', 'CMD ["gunicorn", "app"]'], ['1:6 error WRONG_STOP_SIGNAL']],
    [['FROM python:3.12', 'STOPSIGNAL SIGINT', 'CMD ["gunicorn", "app"]'], ['2:12 error WRONG_STOP_SIGNAL']],
    [
      ['FROM debian:12', 'CMD nginx -g "daemon off;"'],
      ['2:5 error SHELL_FORM', '2:5 error NO_STOPSIGNAL'],
    ],
    [['FROM debian:12', 'STOPSIGNAL QUIT', 'CMD ["nginx", "-g", "daemon off;"]'], []],
    [['FROM nginx:1.29'], []],
    [['FROM docker.io/library/nginx:1.29', 'CMD ["nginx", "-g", "daemon off;"]'], []],
    [['FROM httpd:2.4'], []],
    [['FROM haproxy:3', 'COPY a /b'], []],
    [['FROM php:8.4-fpm'], []],
    [['FROM python:3.12', 'CMD ["gunicorn", "app"]'], []],
    [['FROM node:24', 'CMD ["node", "nginx.js"]'], []],
    [['FROM team/base:1'], ['1:6 info COMMAND_INHERITED']],
    [['ARG V', 'FROM node:$V'], ['2:6 info COMMAND_INHERITED']],
  ]);
});

describe('a stop signal that nobody can handle', () => {
  table([
    [[DEBIAN, 'STOPSIGNAL SIGKILL', 'CMD ["node", "a.js"]'], ['2:12 error UNCATCHABLE_STOPSIGNAL']],
    [[DEBIAN, 'STOPSIGNAL 9', 'CMD ["node", "a.js"]'], ['2:12 error UNCATCHABLE_STOPSIGNAL']],
    [[DEBIAN, 'STOPSIGNAL 15', 'CMD ["node", "a.js"]'], []],
    [['FROM debian:12', 'CMD ["apache2ctl", "-D", "FOREGROUND"]'], ['2:6 error NO_STOPSIGNAL']],
    [['FROM debian:12', 'CMD ["/usr/sbin/apachectl", "-D", "FOREGROUND"]'], ['2:6 error NO_STOPSIGNAL']],
  ]);
});

describe('shell form where there is no shell', () => {
  const build = ['FROM golang:1.24 AS build', 'COPY . .'];
  table([
    [[...build, 'FROM scratch', 'COPY --from=build /app /app', 'ENTRYPOINT /app'], ['5:12 error NO_SHELL_IN_IMAGE']],
    [['FROM gcr.io/distroless/static-debian12', 'CMD /app -v'], ['2:5 error NO_SHELL_IN_IMAGE']],
    [['FROM gcr.io/distroless/static-debian12', 'CMD ["/app", "-v"]'], []],
    [['FROM gcr.io/distroless/base:debug', 'CMD /app'], ['2:5 warning SHELL_FORM']],
    [['FROM scratch', 'COPY --from=busybox /bin/sh /bin/sh', 'CMD /app'], ['3:5 warning SHELL_FORM']],
    [['FROM scratch', 'ADD rootfs.tar /', 'CMD /app'], ['3:5 warning SHELL_FORM']],
  ]);
});

describe('a script out of another stage', () => {
  const script: Files = { 'bin/docker-entrypoint': '#!/bin/bash -e\nmigrate\n"${@}"\n' };
  const good: Files = { 'bin/docker-entrypoint': '#!/bin/bash -e\nmigrate\nexec "${@}"\n' };
  const ends = ['ENTRYPOINT ["/rails/bin/docker-entrypoint"]', 'CMD ["./bin/rails", "server"]'];
  const rails = (from: string): readonly string[] => [
    'FROM ruby:3.4 AS base',
    'WORKDIR /rails',
    'FROM base AS build',
    'COPY . .',
    'FROM base',
    `COPY --from=${from} /rails /rails`,
    ...ends,
  ];
  table([
    [rails('build'), ['docker-entrypoint:3:1 error SCRIPT_WITHOUT_EXEC'], script],
    [rails('1'), ['docker-entrypoint:3:1 error SCRIPT_WITHOUT_EXEC'], script],
    [rails('build'), [], good],
    [rails('build'), ['7:13 info SCRIPT_UNREAD']],
  ]);

  test('that is not there either names the stage', async () => {
    const lines = [`${DEBIAN} AS build`, DEBIAN, 'COPY --from=build /out/start.sh /start.sh', 'CMD ["/start.sh"]'];
    const [finding] = await findingsIn(lines);
    expect(finding?.message).toContain('line 3 copies it from the stage `build`');
  });
});

describe('what it says', () => {
  const message = async (...lines: readonly string[]) => {
    const [finding] = await findingsIn(lines);
    return `${finding?.message} ${finding?.advice} ${finding?.couldNotKnow}`;
  };

  test('of a shell hangs on which it is', async () => {
    expect(await message(DEBIAN, 'CMD node a.js')).toMatch(/dash, stays.*Write `CMD \["node", "a\.js"\]`/);
    expect(await message('FROM node:alpine', 'CMD node a.js')).toMatch(/busybox's shell.*then this is harmless/);
    expect(await message(DEBIAN, 'CMD ["bash", "-c", "node a.js"]')).toMatch(
      /bash gives its place up.*which version of bash/,
    );
    expect(await message('FROM base', 'CMD node a.js')).toMatch(/which shell the base image `base` has/);
    expect(await message('FROM base', 'CMD node a.js | tee b')).toMatch(/a pipeline keeps the shell/);
  });

  test('of an init hangs on whom it signals', async () => {
    const behind = (...init: readonly string[]) =>
      message(DEBIAN, `ENTRYPOINT ${JSON.stringify(init)}`, 'CMD node a.js');
    for (const init of [
      ['tini', '--'],
      ['dumb-init', '-c', '--'],
    ]) {
      expect(await behind(...init)).toMatch(/, and to nobody else\. The shell dies of it at once/);
    }
    for (const init of [['tini', '-sg', '--'], ['/usr/bin/dumb-init']]) {
      expect(await behind(...init)).toMatch(/ and to all behind it\. The shell dies.*had only begun to drain/);
    }
    const alpine = await message('FROM alpine', 'ENTRYPOINT ["tini"]', 'CMD node a.js');
    expect(alpine).toContain('Where that shell stays (dash; not busybox ash, not bash), the shell dies');
  });

  test('quotes a command of several lines on one', async () => {
    expect(await message(DEBIAN, 'CMD node \\', '  a.js')).toContain('instead of `CMD node a.js`');
  });

  test('of a variable in the command keeps the shell, with exec', async () => {
    expect(await message(DEBIAN, 'CMD node a.js $PORT')).toContain('Write `CMD exec node a.js $PORT`');
    expect(await message(DEBIAN, 'CMD ["sh", "-c", "node a.js $PORT"]')).toContain(
      'Write `CMD ["sh", "-c", "exec node a.js $PORT"]`',
    );
    expect(await message(DEBIAN, 'CMD migrate && node a.js $PORT')).toContain('Write `exec node a.js $PORT`');
  });

  test('of a list in single quotes writes it with double ones, where that makes it a list', async () => {
    expect(await message(DEBIAN, "CMD ['node', 'a.js']")).toContain('Write `CMD ["node", "a.js"]`: JSON knows only');
    expect(await message(DEBIAN, "CMD ['node' 'a.js']")).not.toContain('Write');
  });

  test('of a variable set for the command has env set it, for exec takes the first word for a program', async () => {
    expect(await message(DEBIAN, 'CMD HOST=$NAME node a.js')).toContain('Write `CMD exec env HOST=$NAME node a.js`');
    expect(await message(DEBIAN, 'CMD a=b; node x=y $Z')).toContain('Write `exec node x=y $Z`');
  });

  test('of an ENTRYPOINT in shell form names the CMD that it leaves out', async () => {
    expect(await message(DEBIAN, 'ENTRYPOINT node a.js', 'CMD ["b"]')).toContain('leaves out the CMD of line 3');
  });
});

test('looks at the stage that is asked for', async () => {
  const lines = [`${DEBIAN} AS one`, 'CMD node a.js', `${DEBIAN} AS two`, 'CMD ["node", "b.js"]'];
  expect(await told(lines)).toEqual([]);
  expect(await told(lines, {}, { buildTarget: 'one' })).toEqual(['2:5 error SHELL_FORM']);
});
