import { describe, expect, test } from 'vitest';

import type { Observation, TimedEvent } from '../../../src/observation.ts';
import { recordTermination } from '../../../src/termination/record.ts';
import { observationOf, T0_US, withPlan } from '../observed.ts';
import { commandObservation } from '../observed-command.ts';

const noClose = { lastAcceptedUs: T0_US, firstRefusedUs: null, onlyCutsFromUs: null };
const kill = (signal: string, atMs: number): TimedEvent => ({ action: 'kill', signal, exitCode: null, atMs });
const ended = (exitCode: number, atMs: number, oomKilled = false): Observation['exit'] => ({
  ...observationOf().exit,
  exitCode,
  atMs,
  oomKilled,
});

test('of a command both signals are this program’s own, and SIGKILL is its escalation', () => {
  const { engine } = commandObservation();
  const events = [kill('SIGTERM', 1), kill('SIGKILL', 10_000)];
  const record = recordTermination(observationOf({ engine, events, exit: ended(137, 10_004) }), noClose, null);
  expect(record).toMatchObject({ sigkillFired: true, sigkillEvidence: 'event' });
  expect(record.signals.map(({ sender }) => sender)).toEqual(['harness', 'harness']);
});

describe('SIGKILL is attributed to the engine only with its proof', () => {
  test('a kill event after the grace period and exit code 137', () => {
    const events = [kill('SIGTERM', 12), kill('SIGKILL', 10_020)];
    const record = recordTermination(observationOf({ events, exit: ended(137, 10_050) }), noClose, null);
    expect(record).toMatchObject({ sigkillFired: true, sigkillEvidence: 'event' });
    expect(record.signals.map(({ sender }) => sender)).toEqual(['engine', 'engine']);
  });

  test('an app that exits 137 by itself got none', () => {
    const record = recordTermination(
      observationOf({ events: [kill('SIGTERM', 12)], exit: ended(137, 800) }),
      noClose,
      null,
    );
    expect(record).toMatchObject({ sigkillFired: false, sigkillEvidence: 'event' });
  });

  test('somebody else’s docker kill within the grace period is not the escalation', () => {
    const events = [kill('SIGTERM', 12), kill('SIGKILL', 3000)];
    const record = recordTermination(observationOf({ events, exit: ended(137, 3020) }), noClose, null);
    expect(record.sigkillFired).toBe(false);
    expect(record.signals.at(-1)).toEqual({ signal: 'SIGKILL', atMs: 3000, sender: 'other' });
  });

  test('a stop signal of SIGKILL is no escalation', () => {
    const target = { ...observationOf().target, stopSignal: 'SIGKILL' };
    const events = [kill('SIGKILL', 12)];
    const record = recordTermination(observationOf({ target, events, exit: ended(137, 44) }), noClose, null);
    expect(record).toMatchObject({ sigkillFired: false, signals: [{ signal: 'SIGKILL', sender: 'engine' }] });
  });

  test('a kill that the engine logged for a task already gone killed nothing', () => {
    const events = [kill('SIGTERM', 12), kill('SIGKILL', 10_020)];
    const record = recordTermination(observationOf({ events, exit: ended(0, 10_015) }), noClose, null);
    expect(record.sigkillFired).toBe(false);
  });

  test('out of memory is not the escalation', () => {
    const events = [kill('SIGTERM', 12), { action: 'oom', signal: null, exitCode: null, atMs: 400 } as const];
    const record = recordTermination(observationOf({ events, exit: ended(137, 420, true) }), noClose, null);
    expect(record).toMatchObject({ sigkillFired: false, oomKilled: true });
  });

  describe('of a container that lost a process to memory', () => {
    const escalated = [kill('SIGTERM', 12), kill('SIGKILL', 10_020)];
    const exit = ended(137, 10_050, true);
    const fired = (changes: Partial<Observation>): boolean | null =>
      recordTermination(observationOf({ events: escalated, exit, ...changes }), noClose, null).sigkillFired;
    const oom = (atMs: number): TimedEvent => ({ action: 'oom', signal: null, exitCode: null, atMs });

    test('it is the escalation where that was long before the stop', () => {
      expect(fired({})).toBe(true);
      expect(fired({ events: [oom(-3000), ...escalated] })).toBe(true);
      expect(fired({ events: [...escalated, oom(10_019)] })).toBe(false);
    });

    test('it is by the kernel’s record whoever killed PID 1', () => {
      const by = (pid: number, code: number): Observation['kernel'] => ({
        ...{ kind: 'traced', pid1: 100, lost: 0 },
        events: [
          {
            ...{ kind: 'signal', atMs: 10_020, signal: 'SIGKILL', code, result: 'delivered' },
            ...{ sender: { pid, name: 'x' }, receiver: { pid: 100, name: 'node' } },
          },
        ],
      });
      expect(fired({ events: [oom(500), ...escalated], kernel: by(7, 0) })).toBe(true);
      expect(fired({ kernel: by(100, 128) })).toBe(false);
    });
  });

  test('without kill events, as with Podman, it is inferred and says so', () => {
    const inferred = (exit: Observation['exit']) =>
      recordTermination(observationOf({ events: [], exit }), noClose, null);
    expect(inferred(ended(137, 10_050))).toMatchObject({ sigkillFired: true, sigkillEvidence: 'inferred' });
    expect(inferred(ended(137, 900))).toMatchObject({ sigkillFired: false, sigkillEvidence: 'inferred' });
  });

  test('an unknown ending is null, not false', () => {
    const exit = { ...ended(0, 0), exitCode: null, atMs: null };
    expect(recordTermination(observationOf({ exit }), noClose, null).sigkillFired).toBeNull();
  });
});

test('a stop signal that somebody else sent while preStop ran is not the stop’s', () => {
  const events = [kill('SIGTERM', 500), kill('SIGTERM', 3012)];
  const observation = { ...withPlan({ profile: 'kubernetes' }), signalFromMs: 3000, events };
  const { signals } = recordTermination(observation, noClose, null);
  expect(signals.map(({ atMs, sender }) => [atMs, sender])).toEqual([
    [500, 'other'],
    [3012, 'harness'],
  ]);
});
