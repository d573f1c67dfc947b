import { describe, expect, test } from 'vitest';

import type { ProcessFacts } from '../../../src/engines/engine.ts';
import { drainSignalOf } from '../../../src/diagnosis/known-software.ts';
import { chainToApp, isInterpreted, recordProcesses, roleOf, workersOf } from '../../../src/diagnosis/processes.ts';
import { withoutShell } from '../../../src/diagnosis/remedy.ts';
import type { ContainerPlan, Plan } from '../../../src/plan/plan.ts';
import { maskHas, signalName, signalNumber } from '../../../src/signals.ts';
import { observationOf } from '../observed.ts';

const process = (command: string): ProcessFacts => ({
  pid: 1,
  ppid: 0,
  isPid1: true,
  command,
  state: 'Ss',
  masks: null,
});

test.each([
  ['/bin/sh -c node server.js', 'shell'],
  ['bash /entrypoint.sh', 'shell'],
  ['/bin/busybox sh', 'shell'],
  ['tini -- node server.js', 'init'],
  ['/sbin/docker-init -- sh -c node server.js', 'init'],
  ['/usr/bin/dumb-init node server.js', 'init'],
  ['/run/podman-init -- node server.js', 'init'],
  ['/tini-amd64 -- node server.js', 'init'],
  ['node /app/.yarn/releases/yarn-4.1.0.cjs start', 'wrapper'],
  ['node /app/report-2.0.1.js', 'app'],
  ['npm start', 'wrapper'],
  ['node /usr/local/bin/npm start', 'wrapper'],
  ['node /usr/lib/node_modules/npm/bin/npm-cli.js start', 'wrapper'],
  ['/usr/bin/python3 /usr/bin/supervisord -n', 'wrapper'],
  ['sudo -u app node server.js', 'wrapper'],
  ['uv run app.py', 'wrapper'],
  ['uv --version', 'app'],
  ['doppler run -- node server.js', 'wrapper'],
  ['/usr/bin/python3 /usr/local/bin/pipenv run python app.py', 'wrapper'],
  ['python3 /app/poetry.py serve', 'app'],
  ['dotnet run --no-build', 'wrapper'],
  ['dotnet App.dll', 'app'],
  ['go run .', 'wrapper'],
  ['bun run start', 'wrapper'],
  ['bun run server.ts', 'app'],
  ['node /app/node_modules/.bin/tsx server.ts', 'wrapper'],
  ['node /app/node_modules/.bin/ts-node-dev server.ts', 'wrapper'],
  ['/opt/java/bin/java -cp /app/gradle/wrapper.jar org.gradle.wrapper.GradleWrapperMain bootRun', 'wrapper'],
  ['java -cp /m.jar org.codehaus.plexus.classworlds.launcher.Launcher spring-boot:run', 'wrapper'],
  ['java -jar app.jar', 'app'],
  ['node server.js', 'app'],
  ['node /app/shell.js', 'app'],
  ['nginx: master process nginx -g daemon off;', 'app'],
])('`%s` is a process of the kind %s', (command, role) => {
  expect(roleOf(process(command))).toBe(role);
});

describe('the app', () => {
  const [PID1, FIRST, SECOND, BELOW] = [1, 17, 18, 30];
  const below = (pid: number, command: string, ppid = PID1, state = 'S'): ProcessFacts => ({
    ...process(command),
    ...{ pid, ppid, state, isPid1: false },
  });
  const appOf = (pid1: string, ...others: readonly ProcessFacts[]): string | undefined => {
    const first = process(pid1);
    return chainToApp(first, { atMs: -1, by: 'engine', processes: [first, ...others] }).at(-1)?.command;
  };

  test.each([
    ['what a script started beside it does not count', 'tail -F /var/log/app.log', 'S'],
    ['what has ended and was not waited for does not count', '[migrate] <defunct>', 'Z'],
  ])('%s', (_, other, state) => {
    const others = [below(FIRST, other, PID1, state), below(SECOND, 'node server.js')];
    expect(appOf('/bin/sh /entrypoint.sh', ...others)).toBe('node server.js');
  });

  test('is the shell itself where it runs nothing but a pause', () => {
    expect(appOf('/bin/sh /loop.sh', below(FIRST, 'sleep 60'))).toBe('/bin/sh /loop.sh');
    expect(appOf('tini -- sleep 60', below(FIRST, 'sleep 60'))).toBe('sleep 60');
  });

  test('is a service of the user’s below s6, not one of s6’s own', () => {
    const own = [below(FIRST, 's6-supervise s6-linux-init-shutdownd'), below(20, 's6-linux-init-shutdownd -d3', FIRST)];
    const users = [below(SECOND, 's6-supervise web'), below(BELOW, 'node server.js', SECOND)];
    expect(appOf('/package/admin/s6/command/s6-svscan -d4 -- /run/service', ...own, ...users)).toBe('node server.js');
  });

  test('is below what runs it as a child', () => {
    expect(appOf('uv run app.py', below(FIRST, '/app/.venv/bin/python app.py'))).toBe('/app/.venv/bin/python app.py');
    expect(appOf('dotnet run', below(FIRST, '/app/bin/Debug/net9.0/App'))).toBe('/app/bin/Debug/net9.0/App');
  });

  test('has the pools of PHP-FPM for workers', () => {
    const app = process('php-fpm: master process (/etc/php-fpm.conf)');
    const pool = below(FIRST, 'php-fpm: pool www');
    expect(workersOf(app, { atMs: -1, by: 'engine', processes: [app, pool] })).toEqual([pool]);
  });

  test('has workers of its own program, and Python’s keeper of shared things is none', () => {
    const app = process('/usr/bin/python3 /usr/bin/uvicorn app:app --workers 2');
    const keeper = below(FIRST, '/usr/bin/python3 -c from multiprocessing.resource_tracker import main;main(4)');
    const worker = below(SECOND, '/usr/bin/python3 -c from multiprocessing.spawn import spawn_main; spawn_main()');
    expect(workersOf(app, { atMs: -1, by: 'engine', processes: [app, keeper, worker] })).toEqual([worker]);
  });
});

test.each([
  ['node server.js', true],
  ['/usr/bin/python3.11 -m app', true],
  ['java -jar app.jar', true],
  ['/server --port 80', false],
  ['nodejs-like-name', false],
  ['nodejs server.js', true],
  ['/usr/bin/ruby3.2 app.rb', true],
  ['dotnet App.dll', true],
  ['/usr/lib/erlang/erts-15.0/bin/beam.smp -- -root /usr/lib/erlang', true],
  ['php-fpm8.2 --nodaemonize', true],
])('`%s` runs in an interpreter: %s', (command, expected) => {
  expect(isInterpreted(process(command))).toBe(expected);
});

test.each([
  ['nginx: master process nginx -g daemon off;', 'SIGQUIT'],
  ['/usr/sbin/apache2 -DFOREGROUND', 'SIGWINCH'],
  ['/usr/bin/python3 /usr/bin/gunicorn app:app', 'SIGTERM'],
  ['haproxy -W -f /etc/haproxy.cfg', 'SIGUSR1'],
  ['php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)', 'SIGQUIT'],
  ['/usr/sbin/php-fpm8.2 --nodaemonize', 'SIGQUIT'],
  ['php-fpm: pool www', null],
  ['node nginx.js', null],
])('`%s` drains on %s', (command, signal) => {
  expect(drainSignalOf(process(command))?.drainsOn ?? null).toBe(signal);
});

describe('the way out of a shell', () => {
  const advice = (entrypoint: readonly string[] | null, command: readonly string[] | null): string => {
    const observation = observationOf();
    return withoutShell({ ...observation, target: { ...observation.target, entrypoint, command } }, 'node server.js');
  };

  test.each([
    [null, ['/bin/sh', '-c', 'node server.js'], '`CMD ["node", "server.js"]` instead of `CMD node server.js`'],
    [['/bin/sh', '-c', 'python3 app.py'], null, '`ENTRYPOINT ["python3", "app.py"]` instead of'],
    [['tini', '--'], ['sh', '-c', 'node server.js'], '`CMD ["node", "server.js"]`'],
    [null, ['/bin/bash', '-lc', 'node server.js'], '`CMD ["node", "server.js"]`'],
    [
      null,
      ['/bin/sh', '-c', 'migrate && node "$MAIN"'],
      'Put `exec` before the last command of `CMD migrate && node "$MAIN"`',
    ],
    [['/entrypoint.sh'], ['node', 'server.js'], 'with `exec` at the end of `/entrypoint.sh` (`exec node server.js`'],
  ])('of %j with %j says %s', (entrypoint, command, expected) => {
    expect(advice(entrypoint, command)).toContain(expected);
  });
});

describe('the way out of a shell that a file has put there', () => {
  const shell = ['/bin/sh', '-c', 'node server.js'];
  const advice = (
    plan: Partial<Plan>,
    command: ContainerPlan['command'],
    entrypoint: ContainerPlan['entrypoint'],
  ): string => {
    const observation = observationOf();
    const container = { ...observation.plan.container, command, entrypoint };
    const target = { ...observation.target, command, entrypoint };
    return withoutShell(
      { ...observation, target, plan: { ...observation.plan, ...plan, container } },
      'node server.js',
    );
  };

  test.each([
    [{ file: 'api.yaml' }, null, shell, '`command: ["node", "server.js"]` in api.yaml, without the shell,'],
    [{ file: 'api.yaml' }, shell, null, '`args: ["node", "server.js"]` in api.yaml'],
    [{ file: 'api.yaml' }, shell.slice(2), shell.slice(0, 2), 'in api.yaml, without the shell and what follows it,'],
    [{ file: 'compose.yaml', service: 'api' }, null, shell, '`entrypoint: ["node", "server.js"]` in compose.yaml'],
    [{ file: 'compose.yaml', service: 'api' }, shell, null, '`command: ["node", "server.js"]` in compose.yaml'],
  ])('is in that file: %j with %j and %j', (plan, command, entrypoint, expected) => {
    expect(advice(plan, command, entrypoint)).toContain(expected);
  });
});

describe('signals', () => {
  test.each([
    ['15', 'SIGTERM'],
    ['term', 'SIGTERM'],
    ['SIGQUIT', 'SIGQUIT'],
    ['37', 'SIGRTMIN+3'],
    ['SIGRTMIN+3', 'SIGRTMIN+3'],
    ['SIGNOPE', null],
    ['0', null],
    ['SIGRTMIN+99', null],
  ])('%s is %s', (spelling, name) => {
    expect(signalName(spelling)).toBe(name);
  });

  test('a mask’s bit n-1 is signal n, also beyond 32 bits', () => {
    expect(signalNumber('SIGRTMIN+3')).toBe(37);
    expect(maskHas('0000000000004000', 'SIGTERM')).toBe(true);
    expect(maskHas('0000001000000000', 'SIGRTMIN+3')).toBe(true);
    expect(maskHas('0000000000004000', 'SIGINT')).toBe(false);
  });
});

test('a process is recorded with what it does with the signal, and with when it was gone before others', () => {
  const TERM = '4000';
  const one = (pid: number, ppid: number, which: 'caught' | 'ignored' | 'blocked' | null): ProcessFacts => ({
    ...process(`p${pid}`),
    pid,
    ppid,
    isPid1: pid === 1,
    masks: { caught: '0', ignored: '0', blocked: '0', ...(which === null ? {} : { [which]: TERM }) },
  });
  const all = [
    { ...one(1, 0, null), command: 'tini -- p2' },
    one(2, 1, null),
    one(3, 2, 'caught'),
    one(4, 1, 'ignored'),
    one(5, 1, 'blocked'),
  ];
  const later = [
    one(1, 0, 'blocked'),
    { ...one(2, 1, null), state: 'Z' },
    one(3, 1, 'caught'),
    one(4, 1, 'ignored'),
    one(5, 1, 'blocked'),
  ];
  const snapshots = [
    { atMs: -1, by: 'engine', processes: all },
    { atMs: 40, by: 'engine', processes: later },
  ] as const;
  const told = recordProcesses(observationOf({ snapshots })).map(({ otherwise, goneByMs }) => [otherwise, goneByMs]);
  expect(told).toEqual([
    ['waits', null],
    [null, 40],
    [null, null],
    ['ignores', null],
    ['blocks', null],
  ]);
});
