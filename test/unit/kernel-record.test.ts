import { describe, expect, test } from 'vitest';

import {
  killedByTeardown,
  killerOf,
  stopSignalledAtMs,
  stopSignalsTo,
  type Taking,
  tookSignal,
} from '../../src/kernel-record.ts';
import type { KernelEvent, KernelTrace, Observation } from '../../src/observation.ts';
import { observationOf } from './observed.ts';
import { recorded, type Recording } from './witness/kernel/recorded.ts';

type Traced = KernelTrace & { readonly kind: 'traced' };

/** The process that the recording's app is: node, or one of the workers. */
function appOf({ events, pid1 }: Traced): number {
  const ended = events.flatMap((event) => (event.kind === 'exit' ? [event.process] : []));
  const app = ended.find(({ name }) => name === 'MainThread') ?? ended.find(({ name }) => name === 'sleep');
  return app?.pid ?? pid1;
}

const observed = (kernel: KernelTrace): Observation => observationOf({ kernel });

describe('a recorded stop answers', () => {
  const answers: readonly (readonly [Recording, Taking, Taking, boolean, readonly string[]])[] = [
    // what PID 1 made of the stop signal, and the app; whether it went with PID 1; who sent it the stop signal
    ['shell-form', 'ignored', 'never', true, []],
    ['exec-form', 'handler', 'handler', false, ['runc']],
    ['init-shell', 'blocked', 'never', true, []],
    ['no-handler', 'default', 'default', false, ['runc']],
    ['init-no-handler', 'blocked', 'default', false, ['docker-init']],
    ['trap-wait', 'handler', 'handler', false, ['sh']],
    ['workers', 'handler', 'never', true, []],
  ];
  test.each(answers)('%s', (name, pid1Took, appTook, teardown, senders) => {
    const kernel = recorded(name);
    const observation = observed(kernel);
    const app = appOf(kernel);
    expect({
      pid1: tookSignal(observation, kernel.pid1),
      app: tookSignal(observation, app),
      teardown: killedByTeardown(observation, app),
      senders: stopSignalsTo(observation, app)?.map(({ sender }) => sender.name),
      atMs: stopSignalledAtMs(observation),
    }).toEqual({ pid1: pid1Took, app: appTook, teardown, senders, atMs: 10 });
  });

  test('by whom a process was killed', () => {
    const shell = recorded('shell-form');
    expect(killerOf(observed(shell), shell.pid1)).toMatchObject({ kind: 'process', sender: { name: 'runc' } });
    expect(killerOf(observed(shell), appOf(shell))).toMatchObject({ kind: 'teardown', sender: { name: 'sh' } });
    const drained = recorded('exec-form');
    expect(killerOf(observed(drained), drained.pid1)).toBeNull();
  });
});

test('where records were lost, a handler that took the signal may have raised it again', () => {
  const kernel = recorded('exec-form');
  expect(tookSignal(observed({ ...kernel, lost: 1 }), kernel.pid1)).toBeNull();
  const raised = recorded('no-handler');
  expect(tookSignal(observed({ ...raised, lost: 1 }), raised.pid1)).toBe('default');
});

test('without a trace nothing is answered', () => {
  const observation = observationOf();
  const answers = [tookSignal, killedByTeardown, stopSignalsTo, killerOf].map((ask) => ask(observation, 1));
  expect([...answers, stopSignalledAtMs(observation)]).toEqual([null, null, null, null, null]);
});

test('where events were lost, what was not seen is not said to have never been', () => {
  const kernel: KernelTrace = { ...recorded('shell-form'), lost: 3 };
  expect(tookSignal(observed(kernel), 1)).toBeNull();
  expect(killedByTeardown(observed(kernel), 1)).toBeNull();
  expect(tookSignal(observed(kernel), recorded('shell-form').pid1)).toBe('ignored');
});

test('an app that drains first and then raises the signal again has a handler', () => {
  const app = { pid: 7, name: 'app' };
  const taken = { kind: 'taken', signal: 'SIGTERM', process: app } as const;
  const events: readonly KernelEvent[] = [
    { ...taken, atMs: 1, by: 'handler' },
    { ...taken, atMs: 800, by: 'default' },
  ];
  expect(tookSignal(observed({ kind: 'traced', pid1: 7, events, lost: 0 }), 7)).toBe('handler');
});

test('a runtime that raises the signal again, in vain as PID 1, and exits has no handler', () => {
  const app = { pid: 7, name: 'server' };
  const events: readonly KernelEvent[] = [
    { kind: 'taken', signal: 'SIGTERM', process: app, atMs: 1, by: 'handler' },
    { kind: 'signal', signal: 'SIGTERM', sender: app, receiver: app, code: -6, result: 'ignored', atMs: 1.2 },
    { kind: 'exit', process: app, atMs: 1.4 },
  ];
  expect(tookSignal(observed({ kind: 'traced', pid1: 7, events, lost: 0 }), 7)).toBe('default');
});
