import { describe, expect, test } from 'vitest';

import { Following } from '../../../../src/witness/kernel/follow.ts';
import { lostIn, parseLine, type TraceRecord } from '../../../../src/witness/kernel/parse.ts';
import { inShort, recorded, type Recording } from './recorded.ts';

describe('of what a machine does, the target’s own part is kept', () => {
  const cases: readonly (readonly [Recording, readonly string[]])[] = [
    [
      'shell-form',
      [
        'SIGTERM runc>sh ignored',
        'SIGKILL runc>sh delivered',
        'sh takes SIGKILL default',
        'sh exits',
        'SIGKILL kernel(sh)>MainThread delivered',
        'MainThread takes SIGKILL default',
        'MainThread exits',
      ],
    ],
    ['exec-form', ['SIGTERM runc>MainThread delivered', 'MainThread takes SIGTERM handler', 'MainThread exits']],
    [
      'init-shell',
      [
        'SIGTERM runc>docker-init delivered',
        'SIGTERM docker-init>sh delivered',
        'sh takes SIGTERM default',
        'sh exits',
        'docker-init exits',
        'SIGKILL kernel(docker-init)>MainThread delivered',
        'MainThread takes SIGKILL default',
        'MainThread exits',
      ],
    ],
    [
      'no-handler',
      [
        'SIGTERM runc>MainThread delivered',
        'MainThread takes SIGTERM handler',
        'SIGTERM MainThread>MainThread delivered',
        'MainThread takes SIGTERM default',
        'SIGKILL runc>MainThread delivered',
        'MainThread takes SIGKILL default',
        'MainThread exits',
      ],
    ],
    [
      'init-no-handler',
      [
        'SIGTERM runc>docker-init delivered',
        'SIGTERM docker-init>MainThread delivered',
        'MainThread takes SIGTERM handler',
        'SIGTERM MainThread>MainThread delivered',
        'MainThread takes SIGTERM default',
        'MainThread exits',
        'docker-init exits',
      ],
    ],
    [
      'trap-wait',
      [
        'SIGTERM runc>sh delivered',
        'sh takes SIGTERM handler',
        'sh forked',
        'sleep runs /usr/bin/sleep',
        'sleep exits',
        'SIGTERM sh>MainThread delivered',
        'MainThread takes SIGTERM handler',
        'MainThread exits',
        'sh exits',
      ],
    ],
  ];
  test.each(cases)('%s', (name, expected) => {
    expect(recorded(name).events.map(inShort)).toEqual(expected);
  });

  test('workers: each of twenty is ended once', () => {
    const ended = recorded('workers')
      .events.map(inShort)
      .filter((one) => one === 'sleep takes SIGKILL default');
    expect(ended).toHaveLength(20);
  });
});

test('threads that come and go are their process', () => {
  const by = { tid: 10, name: 'java' };
  const records: readonly TraceRecord[] = [
    { monoUs: 1, by, kind: 'newTask', tid: 11, isThread: true },
    { monoUs: 2, by: { tid: 11, name: 'pool-1' }, kind: 'newTask', tid: 12, isThread: false },
    { monoUs: 3, by: { tid: 11, name: 'pool-1' }, kind: 'exit' },
    { monoUs: 4, by: { tid: 12, name: 'true' }, kind: 'exec', file: '/bin/true', tid: 12 },
    { monoUs: 5, by: { tid: 12, name: 'true' }, kind: 'exit' },
    { monoUs: 6, by: { tid: 13, name: 'stranger' }, kind: 'exit' },
  ];
  const following = new Following([{ pid: 10, name: 'java', tids: [10] }]);
  for (const record of records) following.take(record);
  expect(following.events()).toEqual([
    { kind: 'fork', process: { pid: 12, name: 'java' }, parentPid: 10, monoUs: 2 },
    { kind: 'exec', process: { pid: 12, name: 'true' }, command: '/bin/true', monoUs: 4 },
    { kind: 'exit', process: { pid: 12, name: 'true' }, monoUs: 5 },
  ]);
});

test('what PID 1 clears away of itself on its way out is no kill', () => {
  const following = new Following([{ pid: 10, name: 'node', tids: [10, 11] }]);
  const [by, to] = [
    { tid: 10, name: 'node' },
    { tid: 11, name: 'worker' },
  ];
  const kill = { kind: 'generate', signal: 'SIGKILL', code: 128, result: 'delivered' } as const;
  following.take({ monoUs: 1, by, kind: 'exit' });
  following.take({ monoUs: 2, by, to, ...kill });
  following.take({ monoUs: 3, by: to, kind: 'exit' });
  expect(following.events()).toEqual([{ kind: 'exit', process: { pid: 10, name: 'node' }, monoUs: 3 }]);
});

test('a process that uses up its memory is killed by the kernel in its own name', () => {
  const following = new Following([{ pid: 10, name: 'node', tids: [10] }]);
  const by = { tid: 10, name: 'node' };
  following.take({ monoUs: 1, by, to: by, kind: 'generate', signal: 'SIGKILL', code: 128, result: 'delivered' });
  expect(following.events()).toHaveLength(1);
});

describe('a process whose threads are all ended', () => {
  const main = { tid: 10, name: 'python3' };
  const thread = { tid: 11, name: 'python3' };
  const runc = { tid: 5, name: 'runc' };
  const term = { kind: 'generate', signal: 'SIGTERM', code: 0, to: main, result: 'delivered' } as const;
  const kill = { kind: 'deliver', signal: 'SIGKILL', handled: false } as const;
  const taken = (...records: readonly TraceRecord[]): readonly string[] => {
    const following = new Following([{ pid: 10, name: 'python3', tids: [10, 11] }]);
    for (const record of records) following.take(record);
    return following.events().map(({ kind }) => kind);
  };

  test('died of the signal, though a thread was done with its work shortly before', () => {
    expect(
      taken(
        { monoUs: 1, by: thread, kind: 'exit' },
        { monoUs: 2, by: runc, ...term },
        { monoUs: 3, by: main, ...kill },
        { monoUs: 4, by: main, kind: 'exit' },
      ),
    ).toEqual(['signal', 'taken', 'exit']);
  });

  test('exited by itself where a thread left after the signal', () => {
    expect(
      taken(
        { monoUs: 1, by: runc, ...term },
        { monoUs: 2, by: thread, kind: 'exit' },
        { monoUs: 3, by: main, ...kill },
        { monoUs: 4, by: main, kind: 'exit' },
      ),
    ).toEqual(['signal', 'exit']);
  });
});

test('a number that the kernel has given to a stranger is none of the target’s', () => {
  const following = new Following([{ pid: 10, name: 'node', tids: [10] }]);
  following.take({ monoUs: 1, by: { tid: 10, name: 'node' }, kind: 'exit' });
  following.take({ monoUs: 2, by: { tid: 5, name: 'bash' }, kind: 'newTask', tid: 10, isThread: false });
  following.take({ monoUs: 3, by: { tid: 10, name: 'ls' }, kind: 'exit' });
  expect(following.events()).toHaveLength(1);
});

test('a target that starts processes without end costs no memory, and none of its signals', () => {
  const following = new Following([{ pid: 10, name: 'sh', tids: [10] }]);
  const by = { tid: 10, name: 'sh' };
  const from = { tid: 5, name: 'runc' };
  following.take({ monoUs: 0, by: from, kind: 'generate', signal: 'SIGTERM', code: 0, to: by, result: 'ignored' });
  for (let nth = 1; nth <= 10_000; nth++)
    following.take({ monoUs: nth, by, kind: 'newTask', tid: 100 + nth, isThread: false });
  expect(following.events()[0]).toMatchObject({ kind: 'signal', signal: 'SIGTERM' });
  expect(following.events().at(-1)).toMatchObject({ kind: 'fork', monoUs: 10_000 });
  expect(following.dropped).toBe(0);
  expect(following.events().length).toBeLessThan(5000);
});

describe('a line of the trace', () => {
  test('may have a name with spaces and dashes, and the process in brackets', () => {
    const line =
      '  my -app [1]-77 (     70) [001] d..1. 11607.993954: signal_generate: sig=36 errno=0 code=0 comm=a pid=3 pid=9 grp=1 res=2';
    expect(parseLine(line)).toEqual({
      monoUs: 11_607_993_954,
      by: { tid: 77, name: 'my -app [1]' },
      kind: 'generate',
      signal: 'SIGRTMIN+2',
      code: 0,
      to: { tid: 9, name: 'a pid=3' },
      result: 'pending',
    });
  });

  test('that is none of ours tells nothing', () => {
    for (const line of ['', '# tracer: nop', ' a-1 [000] ..... 1.000001: sched_switch: prev_comm=a'])
      expect(parseLine(line)).toBeNull();
  });

  test('says how many events were lost', () => {
    expect([lostIn('CPU:1 [LOST 38 EVENTS]'), lostIn('CPU:1 [LOST EVENTS]'), lostIn('a-1 [000]')]).toEqual([38, 1, 0]);
  });
});
