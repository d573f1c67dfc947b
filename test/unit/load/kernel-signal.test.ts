import { describe, expect, test } from 'vitest';

import { classify } from '../../../src/load/classify.ts';
import { listenerClose } from '../../../src/load/listener.ts';
import { narrowSignal, sharpen } from '../../../src/load/first-effect.ts';
import type { KernelEvent, KernelTrace, Observation } from '../../../src/observation.ts';
import { countRequests, drainMs } from '../../../src/requests.ts';
import { recordTermination } from '../../../src/termination/record.ts';
import { decide } from '../../../src/verdict.ts';
import { healthy, ledgerOf, observationOf, type Told } from '../observed.ts';

const RUNC = { pid: 900, name: 'runc' };
const APP = { pid: 100, name: 'node' };
const CHILD = { pid: 101, name: 'node' };

function sent(atMs: number, changes: Partial<KernelEvent & { kind: 'signal' }> = {}): KernelEvent {
  const signal = { signal: 'SIGTERM', sender: RUNC, receiver: APP, code: 0, result: 'delivered' } as const;
  return { kind: 'signal', atMs, ...signal, ...changes };
}

const traced = (...events: readonly KernelEvent[]): KernelTrace => ({ kind: 'traced', pid1: 100, events, lost: 0 });

/** An interval from T0 to the engine's word after 40 ms, with a trace or without. */
const observed = (kernel: KernelTrace): Observation => observationOf({ signalByMs: 40, kernel });
const UNTRACED: KernelTrace = { kind: 'untraced', because: 'it is off' };

describe('the kernel narrows the signal’s interval', () => {
  const interval = (observation: Observation, ...told: readonly Told[]): readonly number[] => {
    const { signalFromMs, signalByMs } = narrowSignal(observation, ledgerOf(...healthy(), ...told));
    return [signalFromMs, signalByMs];
  };
  const refused: Told = { sentAt: null, endAt: 7, ending: 'notConnected' };

  test('to the moment when somebody outside sent it to PID 1, whatever the load saw', () => {
    expect(interval(observed(traced(sent(31.234))))).toEqual([31.234, 31.234]);
    expect(interval(observed(traced(sent(31.234))), refused)).toEqual([31.234, 31.234]);
  });

  test('and leaves it alone without a trace', () => {
    expect(interval(observed(UNTRACED))).toEqual([0, 40]);
    expect(interval(observed(UNTRACED), refused)).toEqual([0, 6]);
  });

  test.each([
    ['one before T0', sent(-5)],
    ['one later than the engine’s own word', sent(900)],
    ['one to a child', sent(31, { receiver: CHILD })],
    ['another signal', sent(31, { signal: 'SIGWINCH' })],
  ])('not by %s', (_, event) => {
    expect(interval(observed(traced(event)))).toEqual([0, 40]);
  });

  test('not by one from inside the container', () => {
    const forked: KernelEvent = { kind: 'fork', atMs: -700, process: CHILD, parentPid: 100 };
    expect(interval(observed(traced(forked, sent(5, { sender: CHILD }), sent(31))))).toEqual([31, 31]);
  });
});

describe('the end of the target', () => {
  const endedAt = (kernel: KernelTrace): number | null =>
    sharpen({ ...observed(kernel), exit: { ...observationOf().exit, processEndedAtMs: 990 } }, ledgerOf(...healthy()))
      .exit.processEndedAtMs;

  test('is when the kernel saw the last of its processes end, and without a trace when the engine says', () => {
    const end: KernelEvent = { kind: 'exit', atMs: 760.5, process: APP };
    const childsEnd: KernelEvent = { kind: 'exit', atMs: 762, process: CHILD };
    expect(endedAt(traced(sent(31), end))).toBe(760.5);
    expect(endedAt(traced(sent(31), end, childsEnd))).toBe(762);
    expect(endedAt(traced(sent(31), childsEnd))).toBe(990);
    expect(endedAt(UNTRACED)).toBe(990);
  });
});

describe('by the kernel’s moment', () => {
  const judge = (kernel: KernelTrace, ...told: readonly Told[]) => {
    const ledger = ledgerOf(...healthy(), ...told);
    const observation = narrowSignal(observed(kernel), ledger);
    const close = listenerClose(ledger, observation.t0Us);
    const judged = classify(ledger, observation, close);
    const requests = countRequests(judged, observation);
    const { byPhase, inFlightAtSignal: inFlight } = requests;
    const termination = recordTermination(observation, close, drainMs(judged, observation));
    return {
      phases: [byPhase.before, byPhase.inFlight, byPhase.after].map(({ completed, rejected }) => completed + rejected),
      inFlight,
      heldAgainst: decide(observation, judged, null, termination, requests).heldAgainst.length,
    };
  };
  const AT_30 = traced(sent(30));
  const open: Told = { sentAt: -50, endAt: 150 };

  test('what ended between T0 and the signal was before it, and what was written after it is after', () => {
    const told: readonly Told[] = [{ sentAt: -50, endAt: 10 }, open, { sentAt: 35, endAt: 200 }];
    expect(judge(AT_30, ...told).phases).toEqual([21, 1, 1]);
    expect(judge(UNTRACED, ...told).phases).toEqual([20, 3, 0]);
  });

  test('what was in flight then counts, and not the least of the time since T0', () => {
    const told: readonly Told[] = [
      { sentAt: -50, endAt: 5 },
      { sentAt: 15, endAt: 150 },
    ];
    expect(judge(AT_30, ...told).inFlight).toBe(1);
    expect(judge(UNTRACED, ...told).inFlight).toBe(0);
  });

  test('a gap below the harness’s resolution is none', () => {
    const until = (endAt: number): readonly Told[] => [
      { sentAt: -50, endAt },
      { sentAt: 30.5, endAt: 150 },
    ];
    expect(judge(AT_30, ...until(29.5)).inFlight).toBe(1);
    expect(judge(AT_30, ...until(28.5)).inFlight).toBe(0);
  });

  test('a request written well before it must not be turned away; one on its way may be', () => {
    const rejectedFrom = (sentAt: number): Told => ({ sentAt, endAt: 60, status: 503 });
    const held = (kernel: KernelTrace, sentAt: number): number => judge(kernel, open, rejectedFrom(sentAt)).heldAgainst;
    expect([held(AT_30, 5), held(AT_30, 25), held(AT_30, 35)]).toEqual([1, 0, 0]);
    expect([held(UNTRACED, -5), held(UNTRACED, 5)]).toEqual([1, 0]);
  });
});
