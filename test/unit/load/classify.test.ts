import { describe, expect, test } from 'vitest';

import { classify, type Judged } from '../../../src/load/classify.ts';
import type { Observation } from '../../../src/observation.ts';
import { healthy, ledgerOf, observationOf, type Told, withPlan } from '../observed.ts';

const proxied = observationOf({
  target: { ...observationOf().target, address: { host: '127.0.0.1', port: 32768, via: 'published-port' } },
});

/** The last request of a ledger that has a healthy history. */
function last(told: Told | readonly Told[], observation: Observation = observationOf()): Judged | undefined {
  const requests = Array.isArray(told) ? (told as readonly Told[]) : [told as Told];
  return classify(ledgerOf(...healthy(), ...requests), observation).at(-1);
}

describe('a request ends in exactly one outcome', () => {
  const table: readonly (readonly [string, Told, string])[] = [
    ['a whole response of the usual status is completed', { endAt: 500 }, 'completed'],
    ['503 is rejected', { endAt: 500, status: 503 }, 'rejected'],
    ['429 is rejected', { endAt: 500, status: 429 }, 'rejected'],
    ['500 is a bad status', { endAt: 500, status: 500 }, 'badStatus'],
    ['a status that the app never gave before is a bad status', { endAt: 500, status: 404 }, 'badStatus'],
    ['cut before the first byte is lost', { endAt: 500, ending: 'cutBefore' }, 'lost'],
    ['cut inside the response is truncated', { endAt: 500, ending: 'cutInside', status: 200 }, 'truncated'],
    ['no connection is refused', { endAt: 500, sentAt: null, ending: 'notConnected' }, 'refused'],
    ['a connection that the proxy ended is refused', { endAt: 500, sentAt: null, ending: 'proxyEnded' }, 'refused'],
    ['past its time is timed out', { endAt: 500, ending: 'deadline' }, 'timedOut'],
    ['past its time and never connected is refused', { endAt: 500, sentAt: null, ending: 'deadline' }, 'refused'],
  ];
  test.each(table)('%s', (_title, told, outcome) => {
    expect(last(told)?.outcome).toBe(outcome);
  });

  test('the harness’s own fault is not counted at all', () => {
    const judged = classify(ledgerOf(...healthy(3), { endAt: 500, ending: 'fault' }), observationOf());
    expect(judged).toHaveLength(3);
  });
});

describe('expected statuses', () => {
  test('a steady 404 is expected', () => {
    const requests = Array.from({ length: 10 }, (_, nth) => ({ endAt: -1000 + nth, status: 404 }));
    const judged = classify(ledgerOf(...requests, { endAt: 5, status: 404 }), observationOf());
    expect(judged.every(({ outcome }) => outcome === 'completed')).toBe(true);
  });

  test('a steady 500 is not', () => {
    const judged = classify(ledgerOf({ endAt: -10, status: 500 }), observationOf());
    expect(judged[0]?.outcome).toBe('badStatus');
  });

  test('what was asked for goes before what was seen', () => {
    expect(last({ endAt: 5 }, withPlan({}, { expectStatus: [204] }))?.outcome).toBe('badStatus');
  });

  test('a kind of request that never ended before the signal may succeed', () => {
    const observation = withPlan({}, { requests: ['/', '/report'].map((path) => ({ ...requestPlan, path })) });
    expect(last({ endAt: 5000, kind: 1 }, observation)?.outcome).toBe('completed');
    expect(last({ endAt: 5000, kind: 1, status: 404 }, observation)?.outcome).toBe('badStatus');
  });
});

const requestPlan = { path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null };

test('what answers on a new connection after the process has ended is somebody else', () => {
  const exit = { ...observationOf().exit, processEndedAtMs: 960 };
  const told: Told = { sentAt: 970, endAt: 980, status: 404 };
  expect(last(told, observationOf({ exit }))?.outcome).toBe('refused');
  expect(last({ ...told, sentAt: 950 }, observationOf({ exit }))?.outcome).toBe('badStatus');
});

describe('phases', () => {
  const table: readonly (readonly [string, Told, string])[] = [
    ['ended before T0', { sentAt: -100, endAt: -1 }, 'before'],
    ['open over the signal', { sentAt: -100, endAt: 100 }, 'inFlight'],
    ['written within the signal’s interval', { sentAt: 11, endAt: 100 }, 'inFlight'],
    ['written after the signal', { sentAt: 13, endAt: 100 }, 'after'],
    ['never written', { sentAt: null, endAt: 5, ending: 'notConnected' }, 'after'],
  ];
  test.each(table)('%s', (_title, told, phase) => {
    expect(last(told)?.phase).toBe(phase);
  });

  test('what ended in the ramp does not count, what was open over it does', () => {
    const observation = observationOf({ rampEndUs: 9_500_000 });
    const judged = classify(ledgerOf({ sentAt: -900, endAt: -700 }, { sentAt: -900, endAt: 700 }), observation);
    expect(judged.map(({ endUs }) => endUs)).toEqual([10_700_000]);
  });
});

describe('a loss that the app never read', () => {
  const refusedAt = (endAt: number): Told => ({ sentAt: null, endAt, ending: 'notConnected' });
  const unread: Told = { sentAt: 40, endAt: 41, ending: 'cutBefore', flags: ['reset'] };

  test('on a reused connection is the keep-alive race', () => {
    expect(last({ ...unread, flags: ['reset', 'reused', 'pooled'] })?.race).toBe('keepalive');
  });

  test('on a fresh one when the listener closes is the backlog race', () => {
    expect(last([refusedAt(45), unread])?.race).toBe('backlog');
  });

  test('on a fresh one while the listener goes on accepting is nobody’s race', () => {
    expect(last([{ sentAt: 600, endAt: 800 }, refusedAt(900), unread])?.race).toBeNull();
  });

  test('is nobody’s race where a connection that set out after it was cut as well', () => {
    const again: Told = { ...unread, sentAt: 43, endAt: 44 };
    const judged = classify(ledgerOf(...healthy(), unread, again, refusedAt(45)), observationOf()).slice(-3);
    expect(judged.map(({ race }) => race)).toEqual([null, null, null]);
    expect(judged.map(({ takenToBeCut }) => takenToBeCut)).toEqual([true, true, false]);
  });

  test('is the backlog race with all that were on their way when it was cut', () => {
    const waiting: Told = { ...unread, sentAt: 40.9, endAt: 44 };
    const judged = classify(ledgerOf(...healthy(), unread, waiting, refusedAt(45)), observationOf()).slice(-3, -1);
    expect(judged.map(({ race }) => race)).toEqual(['backlog', 'backlog']);
  });

  test('is the backlog race of one listener where another still answers', () => {
    const answered: Told = { sentAt: 43, endAt: 45 };
    const ofTheOther: Told = { ...unread, sentAt: 44, endAt: 46 };
    const judged = classify(ledgerOf(...healthy(), unread, answered, ofTheOther), observationOf());
    expect(judged.slice(-3).map(({ race }) => race)).toEqual(['backlog', null, 'backlog']);
  });

  test('is the backlog race however long it waited, where nobody that came later was accepted', () => {
    const waiting = [50, 250, 450].map((sentAt): Told => ({ ...unread, sentAt, endAt: 600 }));
    const answered = [5, 40, 150, 240, 248].map((endAt): Told => ({ endAt }));
    const racesOf = (...more: readonly Told[]) =>
      classify(ledgerOf(...healthy(), ...answered, ...more, ...waiting), observationOf())
        .slice(-3)
        .map(({ race }) => race);
    expect(racesOf(refusedAt(601))).toEqual(['backlog', 'backlog', 'backlog']);
    // Of two that set out at once either may have been first in the queue.
    expect(racesOf({ sentAt: 51, endAt: 251 }, refusedAt(601))).toEqual(['backlog', 'backlog', 'backlog']);
    // The listener had been closed for long: whoever was in it had been accepted.
    expect(racesOf(refusedAt(460))).not.toContain('backlog');
    expect(racesOf({ sentAt: 60, endAt: 260 }, refusedAt(601))[0]).not.toBe('backlog');
  });

  test('is held against the app where the method may not be sent again', () => {
    const post = withPlan({}, { requests: [{ ...requestPlan, method: 'POST' }] });
    expect(last({ ...unread, flags: ['reset', 'reused'] }, post)?.race).toBeNull();
  });

  test('is no race once it was read', () => {
    const read: Told = { sentAt: 40, endAt: 240, ending: 'cutBefore', flags: ['fin', 'reused'] };
    expect(last(read)).toMatchObject({ race: null, read: 'read', outcome: 'lost' });
  });

  test('is the keep-alive race where a server lingers in its close, so that no reset comes', () => {
    const lingered: Told = { ...unread, flags: ['fin', 'reused'] };
    expect(last(lingered)).toMatchObject({ race: 'keepalive', read: 'unknown' });
    expect(last({ ...lingered, flags: ['fin'] })?.race).toBeNull();
  });

  test('is that race only as far as the harness may have been late in seeing it', () => {
    const quick = Array.from({ length: 20 }, (_, nth): Told => ({ sentAt: -500 + nth, endAt: -496 + nth }));
    const cut: Told = { sentAt: 40, endAt: 42, ending: 'cutBefore', flags: ['fin', 'reused'] };
    const late = (p99: number): Observation =>
      observationOf({ harness: { ...observationOf().harness, latenessMs: { p50: 0, p99, max: p99 } } });
    const race = (p99: number) => classify(ledgerOf(...quick, cut), late(p99)).at(-1)?.race;
    // Answers take 4 ms; a quarter of that is the app's, the rest our own.
    expect([0, 0.5, 1.1].map(race)).toEqual([null, null, 'keepalive']);
    // Answers of 200 ms leave more room, but no more than a round trip beside our own part.
    const slow: Told = { ...cut, endAt: 49 };
    const slowRace = (p99: number) => classify(ledgerOf(...healthy(), slow), late(p99)).at(-1)?.race;
    expect([0, 3, 5].map(slowRace)).toEqual([null, null, 'keepalive']);
    // However late we are, what had most of an answer's time was being answered.
    const old: Told = { ...cut, endAt: 43.5 };
    expect(classify(ledgerOf(...quick, old), late(50)).at(-1)?.race).toBeNull();
  });

  test('is no race where the process ended then, having read it', () => {
    expect(last({ sentAt: 998, endAt: 999, ending: 'cutBefore', flags: ['fin', 'reused'] })?.race).toBeNull();
  });

  test('is the keep-alive race shortly before the end where an answer still came after it', () => {
    const told: Told = { sentAt: 990, endAt: 991, ending: 'cutBefore', flags: ['fin', 'reused'] };
    const answeredAt = (endAt: number): Told => ({ sentAt: 980, endAt });
    expect(last([answeredAt(995), told])?.race).toBe('keepalive');
    expect(last([answeredAt(985), told])?.race).toBeNull();
  });

  test('is no race where SIGKILL cut it off', () => {
    const exit = { ...observationOf().exit, exitCode: 137 };
    const told: Told = { sentAt: 998, endAt: 999, ending: 'cutBefore', flags: ['reset', 'reused'] };
    expect(last(told, observationOf({ exit }))?.race).toBeNull();
    expect(last(told)?.race).toBe('keepalive');
  });
});

describe('a reset', () => {
  /** Answers take 200 ms without a wait, so a request that is older than a few milliseconds has been read. */
  const old: Told = { sentAt: -1150, endAt: -950, ending: 'cutBefore', flags: ['reset', 'reused', 'pooled'] };
  const young: Told = { ...old, endAt: -1149 };
  const late: Told = { ...old, sentAt: 100, endAt: 300 };

  test('at once on a kept-alive connection is for a request that came as it was closed', () => {
    expect(last(young)).toMatchObject({ outcome: 'lost', read: 'unread', race: 'keepalive' });
  });

  test('at once on a fresh connection, with no listener closing, cannot be told', () => {
    const fresh: Told = { ...young, flags: ['reset'] };
    expect(last(fresh)).toMatchObject({ read: 'unknown', race: null });
  });

  test('of a request that is older than any wait is the app’s own, and it had read the request', () => {
    expect(last(old)).toMatchObject({ outcome: 'lost', read: 'read', race: null });
  });

  test('tells nothing any more of an app that resets what it has read', () => {
    expect(last([old, young])).toMatchObject({ read: 'unknown', race: null });
    expect(last([{ ...young, flags: ['reset'] }, young])).toMatchObject({ read: 'unknown', race: null });
  });

  test('that followed a FIN is for a request that came too late, whatever else the app does', () => {
    expect(last([old, { ...young, flags: ['fin', 'reset', 'reused'] }])?.read).toBe('unread');
    expect(last([old, { ...old, flags: ['fin', 'reset', 'reused'] }])?.read).toBe('unread');
  });

  test('is the kernel’s own where the process ended, however old the request is', () => {
    expect(last([{ endAt: 850 }, { ...old, sentAt: 700, endAt: 999 }])?.read).toBe('unread');
    expect(last([{ endAt: 750 }, { ...old, sentAt: 700, endAt: 840 }])?.read).toBe('read');
  });

  test('may come late from an app that stalls before it closes', () => {
    expect(last(late)?.read).toBe('unread');
    expect(last([{ endAt: 298 }, late])?.read).toBe('unread');
    expect(last([{ endAt: 250 }, late])?.read).toBe('read');
  });

  test('may come late from an app whose requests queue', () => {
    const queued = Array.from({ length: 20 }, (_, nth) => ({ sentAt: -400, endAt: nth - 20 }));
    const inBetween: Told = { endAt: 290 };
    expect(last([...queued, inBetween, late])?.read).toBe('unread');
  });

  test('shows nothing by its age where hardly anything was answered', () => {
    const afterAnswers = (many: number): Judged | undefined =>
      classify(ledgerOf(...healthy(many), { ...old, sentAt: -2750, endAt: -2550 }), observationOf()).at(-1);
    expect(afterAnswers(4)?.read).toBe('unread');
    expect(afterAnswers(5)?.read).toBe('read');
  });
});

describe('through a published port', () => {
  test('a loss that came back at once may have been a refusal', () => {
    const told: Told = { sentAt: 40, endAt: 43, ending: 'cutBefore', flags: ['reused', 'fin'] };
    expect(last(told, proxied)).toMatchObject({ outcome: 'ambiguous', read: 'unknown' });
  });

  test('a reset on a fresh connection is the proxy’s own, and a refusal', () => {
    const told: Told = { sentAt: 40, endAt: 41, ending: 'cutBefore', flags: ['reset'] };
    expect(last(told, proxied)?.outcome).toBe('refused');
    expect(last({ ...told, flags: ['reset', 'reused'] }, proxied)?.outcome).toBe('ambiguous');
  });

  test('a loss after a while is a loss', () => {
    const told: Told = { sentAt: 40, endAt: 240, ending: 'cutBefore', flags: ['reused'] };
    expect(last(told, proxied)?.outcome).toBe('lost');
  });
});

describe('a body that only the close delimits', () => {
  const long: Told = { endAt: -50, bytes: 1000, flags: ['closeDelimited'] };
  const short: Told = { endAt: 50, bytes: 400, flags: ['closeDelimited'] };

  test('is ambiguous when it is shorter than its like before', () => {
    const judged = classify(ledgerOf(long, short), observationOf());
    expect(judged.map(({ outcome }) => outcome)).toEqual(['completed', 'ambiguous']);
  });

  test('is completed when it is as long', () => {
    const judged = classify(ledgerOf(long, { ...short, bytes: 1000 }), observationOf());
    expect(judged.at(-1)?.outcome).toBe('completed');
  });
});
