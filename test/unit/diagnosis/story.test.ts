import { describe, expect, test } from 'vitest';

import { tellStory } from '../../../src/diagnosis/story.ts';
import type { KernelEvent, Observation } from '../../../src/observation.ts';
import { observationOf } from '../observed.ts';
import { KILLED_BEHIND_SHELL } from '../observed-command.ts';
import { recorded, type Recording } from '../witness/kernel/recorded.ts';

const textsOf = (observation: Observation, cutAtEnd = 0): readonly string[] =>
  tellStory(observation, cutAtEnd).map(({ text }) => text);

const LIVES = ': it waits for signals, as inits do, or holds them back.';

const STORIES: readonly (readonly [Recording, readonly string[]])[] = [
  [
    'shell-form',
    [
      'runc sent SIGTERM to sh (PID 1): ignored, for PID 1 has no handler for it.',
      'runc sent SIGKILL to sh (PID 1).',
      'The kernel then killed MainThread, since PID 1 had ended, with 3 requests in flight.',
    ],
  ],
  ['exec-form', ['runc sent SIGTERM to MainThread (PID 1): taken by its handler.', 'MainThread (PID 1) ended.']],
  [
    'init-shell',
    [
      `runc sent SIGTERM to docker-init (PID 1)${LIVES}`,
      'docker-init (PID 1) sent SIGTERM to sh: no handler, and it died of it.',
      'docker-init (PID 1) ended.',
      'The kernel then killed MainThread, since PID 1 had ended, with 3 requests in flight.',
    ],
  ],
  [
    'no-handler',
    [
      'runc sent SIGTERM to MainThread (PID 1): its handler raised it again with the default action, which PID 1 never gets.',
      'runc sent SIGKILL to MainThread (PID 1), with 3 requests in flight.',
    ],
  ],
  [
    'init-no-handler',
    [
      `runc sent SIGTERM to docker-init (PID 1)${LIVES}`,
      'docker-init (PID 1) sent SIGTERM to MainThread: its handler raised it again with the default action, and it died of it.',
      'docker-init (PID 1) ended.',
    ],
  ],
  [
    'trap-wait',
    [
      'runc sent SIGTERM to sh (PID 1): taken by its handler.',
      'sh (PID 1) sent SIGTERM to MainThread: taken by its handler.',
      'MainThread and sh (PID 1) ended.',
    ],
  ],
  [
    'workers',
    [
      'runc sent SIGTERM to sh (PID 1): taken by its handler.',
      'sh (PID 1) ended.',
      'The kernel then killed 20 sleep processes, since PID 1 had ended, with 3 requests in flight.',
    ],
  ],
];

test.each(STORIES)('the kernel’s story of %s', (name, story) => {
  expect(textsOf(observationOf({ kernel: recorded(name) }), 3)).toEqual(story);
});

test('its times are those of the trace', () => {
  const [first] = tellStory(observationOf({ kernel: recorded('shell-form') }), 0);
  expect(first?.atMs).toBe(10);
});

test('without a trace there is no story', () => {
  expect(textsOf(observationOf())).toEqual([]);
});

test('processes bear the names that they were started by, where they were seen', () => {
  const kernel = recorded('exec-form');
  const process = { pid: kernel.pid1, ppid: 1, isPid1: true, command: '/usr/bin/node a.js', state: null, masks: null };
  const snapshots = [{ atMs: -1, by: 'engine' as const, processes: [process] }];
  expect(textsOf(observationOf({ kernel, snapshots }))[1]).toBe('node (PID 1) ended.');
});

describe('of other happenings', () => {
  const init = { pid: 1000, name: 'init' };
  const app = { pid: 1001, name: 'app' };
  const told = (changes: Partial<Observation>, ...events: readonly KernelEvent[]): readonly string[] =>
    textsOf(observationOf({ kernel: { kind: 'traced', pid1: 1000, events, lost: 0 }, ...changes }), 1);
  const kill = { kind: 'signal', atMs: 5, signal: 'SIGKILL', code: 128, result: 'delivered' } as const;

  test('the kernel kills for want of memory', () => {
    const exit = { ...observationOf().exit, oomKilled: true };
    expect(told({ exit }, { ...kill, sender: app, receiver: app })).toEqual([
      'The kernel had no memory left for the container, and killed app, with 1 request in flight.',
    ]);
  });

  test('the same signal twice to one process is told twice', () => {
    const first = { ...kill, signal: 'SIGTERM', code: 0, result: 'ignored', sender: init, receiver: app } as const;
    expect(told({}, first, { ...first, atMs: 6 })).toHaveLength(2);
  });

  test('a signal to itself, with a handler that goes on', () => {
    const sent = { ...kill, signal: 'SIGUSR2', code: 0, sender: app, receiver: app } as const;
    expect(told({}, sent, { kind: 'taken', atMs: 6, signal: 'SIGUSR2', process: app, by: 'handler' })).toEqual([
      'app sent SIGUSR2 to itself: taken by its handler.',
    ]);
  });

  test('what was before the stop is not told', () => {
    expect(told({}, { ...kill, atMs: -5, sender: init, receiver: app })).toEqual([]);
  });
});

test('of a command the signals are this program’s own, and what the dying get besides is left out', () => {
  expect(textsOf(KILLED_BEHIND_SHELL, 3)).toEqual([
    'shutdown-check sent SIGTERM to sh (PID 1): ignored, for PID 1 has no handler for it.',
    'shutdown-check sent SIGKILL to sh (PID 1).',
    'The kernel then killed node, since PID 1 had ended, with 3 requests in flight.',
  ]);
});
