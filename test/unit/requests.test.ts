import { describe, expect, test } from 'vitest';

import { classify } from '../../src/load/classify.ts';
import { narrowSignal } from '../../src/load/first-effect.ts';
import { OUTCOMES } from '../../src/load/outcomes.ts';
import type { Observation } from '../../src/observation.ts';
import { countRequests, drainMs, leastUnderWay } from '../../src/requests.ts';
import { healthy, ledgerOf, observationOf, type Told } from './observed.ts';

const judge = (observation: Observation, ...told: readonly Told[]) => classify(ledgerOf(...told), observation);

describe('requests in flight at the signal', () => {
  const cases: readonly (readonly [string, readonly Told[], number])[] = [
    ['none where nothing was sent', [], 0],
    ['one that is open over the whole interval', [{ sentAt: -50, endAt: 50 }], 1],
    ['none where it ended early in the interval', [{ sentAt: -50, endAt: 2 }], 0],
    [
      'the least of the interval',
      [
        { sentAt: -50, endAt: 50 },
        { sentAt: -50, endAt: 5 },
      ],
      1,
    ],
    [
      'a gap below the harness’s resolution is none',
      [
        { sentAt: -50, endAt: 5 },
        { sentAt: 6.5, endAt: 50 },
      ],
      1,
    ],
    [
      'many short pieces with some in flight are not none',
      Array.from({ length: 40 }, (_, n): Told => ({ sentAt: -1 + n * 0.4, endAt: 0.2 + n * 0.4 })),
      3,
    ],
    [
      'a gap above it is one',
      [
        { sentAt: -50, endAt: 5 },
        { sentAt: 8, endAt: 50 },
      ],
      0,
    ],
  ];
  test.each(cases)('%s', (_title, told, expected) => {
    expect(leastUnderWay(judge(observationOf(), ...told), observationOf())).toBe(expected);
  });
});

test('an interval of no length counts what is in flight at its moment', () => {
  const observation = observationOf({ signalByMs: 0 });
  expect(leastUnderWay(judge(observation, { sentAt: -5, endAt: 5 }, { sentAt: -5, endAt: -1 }), observation)).toBe(1);
});

test('where the kernel tells the moment, no more were in flight than were open then', () => {
  const observation = observationOf({ signalFromMs: 19.74, signalByMs: 19.74 });
  const told: readonly Told[] = [-183, -116, -45].map((sentAt) => ({ sentAt, endAt: sentAt + 201.8 }));
  const judged = judge(observation, ...told, { sentAt: 16.9, endAt: 218 });
  expect(leastUnderWay(judged, observation)).toBe(4);
  expect(countRequests(judged, observation).inFlightAtSignal).toBe(3);
});

describe('the signal’s interval', () => {
  test('ends with the first refusal, since the signal cannot be later than its effect', () => {
    const ledger = ledgerOf(...healthy(), { sentAt: null, endAt: 7, ending: 'notConnected' });
    expect(narrowSignal(observationOf(), ledger).signalByMs).toBe(6);
  });

  test('ends with the process, though the engine’s word of the signal comes later', () => {
    const exit = { ...observationOf().exit, processEndedAtMs: 4 };
    expect(narrowSignal(observationOf({ exit }), ledgerOf(...healthy())).signalByMs).toBe(5);
    const refused: Told = { sentAt: null, endAt: -7, ending: 'notConnected' };
    expect(narrowSignal(observationOf({ exit }), ledgerOf(...healthy(), refused)).signalByMs).toBe(5);
  });

  test('stays where connections were refused before the stop already', () => {
    const refused: Told = { sentAt: null, endAt: -7, ending: 'notConnected' };
    const ledger = ledgerOf(...healthy(), refused, { ...refused, endAt: 7 });
    expect(narrowSignal(observationOf(), ledger).signalByMs).toBe(12);
  });

  test('stays where nothing went wrong', () => {
    expect(narrowSignal(observationOf(), ledgerOf(...healthy())).signalByMs).toBe(12);
  });
});

describe('the counts', () => {
  const told: readonly Told[] = [
    ...healthy(10),
    { sentAt: -50, endAt: 150 },
    { sentAt: -50, endAt: 900, ending: 'cutBefore', flags: ['fin', 'pooled', 'reused'] },
    { sentAt: 30, endAt: 31, ending: 'cutBefore', flags: ['reset', 'pooled', 'reused'] },
    { sentAt: null, endAt: 40, ending: 'notConnected' },
    { endAt: 500, ending: 'fault' },
  ];
  const observation = observationOf();
  const requests = countRequests(judge(observation, ...told), observation);

  test('add up to what was sent, in all and by phase and by connection', () => {
    const sum = (counts: Readonly<Record<string, number>>): number =>
      OUTCOMES.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
    expect(sum({ ...requests } as unknown as Record<string, number>)).toBe(requests.sent);
    expect(Object.values(requests.byPhase).map(sum)).toEqual([10, 0, 2, 2]);
    expect(sum(requests.byConnection.fresh) + sum(requests.byConnection.pooled)).toBe(requests.sent);
  });

  test('tell what the app had read from what it had not', () => {
    expect(requests).toMatchObject({ lost: 2, lostRead: 1, lostUnread: 1, lostUnknown: 0, refused: 1 });
  });

  test('the drain ends with the last request from before the signal', () => {
    expect(drainMs(judge(observation, ...told), observation)).toBe(888);
    expect(drainMs(judge(observation, ...healthy()), observation)).toBeNull();
  });
});
