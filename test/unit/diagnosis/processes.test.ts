import { describe, expect, test } from 'vitest';

import type { ProcessFacts } from '../../../src/engines/engine.ts';
import { drainSignalOf } from '../../../src/diagnosis/known-software.ts';
import { isInterpreted, recordProcesses, roleOf } from '../../../src/diagnosis/processes.ts';
import { withoutShell } from '../../../src/diagnosis/remedy.ts';
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
  ['npm start', 'wrapper'],
  ['node /usr/local/bin/npm start', 'wrapper'],
  ['node /usr/lib/node_modules/npm/bin/npm-cli.js start', 'wrapper'],
  ['/usr/bin/python3 /usr/bin/supervisord -n', 'wrapper'],
  ['node server.js', 'app'],
  ['node /app/shell.js', 'app'],
  ['nginx: master process nginx -g daemon off;', 'app'],
])('`%s` is a process of the kind %s', (command, role) => {
  expect(roleOf(process(command))).toBe(role);
});

test.each([
  ['node server.js', true],
  ['/usr/bin/python3.11 -m app', true],
  ['java -jar app.jar', true],
  ['/server --port 80', false],
  ['nodejs-like-name', false],
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
