import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import type { SocketFacts } from '../../../src/engines/engine.ts';
import type { Observation, ProcessSnapshot, SocketSnapshot, TimedHold, TimedParked } from '../../../src/observation.ts';
import { healthy, ledgerOf, observationOf, type Told, withPlan } from '../observed.ts';
import { exited, KILLED, tree } from './endings.ts';

/** Requests cut off with the process at `endAt`, read by the app. */
const cutAt = (endAt: number, sentAt = -50): Told => ({ sentAt, endAt, ending: 'cutBefore', flags: ['fin'] });
const codes = (observation: Observation, ...told: readonly Told[]): readonly string[] =>
  assess(observation, ledgerOf(...healthy(), ...told)).findings.map(({ code }) => code);

/** The listener on 3000 closed at 40 ms; from then to the end these connections were open, as `local port peer`. */
function socketsWith(...open: readonly string[]): readonly SocketSnapshot[] {
  const connections = open.map((text): SocketFacts => {
    const [localPort = '', peer = ''] = text.split(' ');
    return { localPort: Number(localPort), peer, state: 'established' };
  });
  return [
    { atMs: 3, untilMs: 30, listening: [3000], connections },
    { atMs: 60, untilMs: 9950, listening: [], connections },
  ];
}

describe('the cause of a failing run', () => {
  const before = (...commands: readonly string[]): ProcessSnapshot => tree(-1, ...commands);
  const after = (...commands: readonly string[]): ProcessSnapshot => tree(100, ...commands);
  const table: readonly (readonly [string, string, Partial<Observation>, readonly Told[]])[] = [
    [
      'SHELL_IS_PID1',
      'a shell outlived the signal and its child served on',
      { ...KILLED, snapshots: [before('!/bin/sh -c node server.js', 'node server.js')] },
      [cutAt(10_040, 9900)],
    ],
    [
      'SIGNAL_NOT_FORWARDED',
      'npm is PID 1, and the shell of its script died of the signal',
      { ...exited(1, 600), snapshots: [before('npm start', '!sh -c node server.js', 'node server.js')] },
      [cutAt(590)],
    ],
    [
      'SIGNAL_NOT_FORWARDED',
      'npm is PID 1, and nobody saw whether the signal went further',
      { ...KILLED, snapshots: [before('npm start', 'node server.js'), after('npm start', 'node server.js')] },
      [cutAt(10_040)],
    ],
    [
      'CAUSE_UNCLEAR',
      'pm2 is PID 1, and nobody saw whether the signal went further',
      {
        ...KILLED,
        snapshots: [before('pm2-runtime app.js', 'node app.js'), after('pm2-runtime app.js', 'node app.js')],
      },
      [cutAt(10_040)],
    ],
    [
      'NAMESPACE_TEARDOWN',
      'an init in front of a shell left, and the app died with it',
      {
        ...exited(143, 50),
        snapshots: [before('!tini -- sh -c node server.js', '!sh -c node server.js', 'node server.js')],
      },
      [cutAt(45)],
    ],
    [
      'PID1_NO_HANDLER',
      'PID 1 lost its bit when the signal came, and served on',
      { ...KILLED, snapshots: [before('node server.js'), after('!node server.js')] },
      [cutAt(10_040, 9900)],
    ],
    [
      'PID1_NO_HANDLER',
      'a shell that works by itself is PID 1 without a trap',
      { ...KILLED, snapshots: [before('!/bin/sh /loop.sh', '!sleep 60'), after('!/bin/sh /loop.sh', '!sleep 60')] },
      [cutAt(10_040, 9900)],
    ],
    [
      'DEFAULT_ACTION_DEATH',
      'the app behind an init died of the signal at once',
      { ...exited(143, 50), snapshots: [before('!tini -- node server.js', 'node server.js')] },
      [cutAt(45)],
    ],
    [
      'DEFAULT_ACTION_DEATH',
      'the Go runtime exits 2 at once',
      { ...exited(2, 50), snapshots: [before('/server')] },
      [cutAt(45)],
    ],
    [
      'STUCK_ON_CONNECTIONS',
      'all from before was answered, and kept-alive connections were served on',
      { ...KILLED, snapshots: [before('node server.js'), after('node server.js')] },
      [
        { sentAt: -50, endAt: 150 },
        { sentAt: null, endAt: 60, ending: 'notConnected' },
        { sentAt: 5000, endAt: 5200, flags: ['pooled', 'reused'] },
        { ...cutAt(10_040, 9900), flags: ['pooled', 'reused', 'fin'] },
      ],
    ],
    [
      'STUCK_ON_CONNECTIONS',
      'kept-alive connections were answered on, although with errors',
      { ...KILLED, snapshots: [before('node server.js'), after('node server.js')] },
      [
        { sentAt: -50, endAt: 150 },
        { sentAt: null, endAt: 60, ending: 'notConnected' },
        { sentAt: 5000, endAt: 5200, status: 500, flags: ['pooled', 'reused'] },
      ],
    ],
    [
      'HANDLER_EXCEEDS_GRACE',
      'requests from before the signal were still open at the end',
      { ...KILLED, snapshots: [before('node server.js'), after('node server.js')] },
      [cutAt(10_040)],
    ],
    [
      'WRONG_STOP_SIGNAL',
      'nginx drops its work on SIGTERM',
      { ...exited(0, 60), snapshots: [before('nginx: master process nginx -g daemon off;', 'nginx: worker process')] },
      [cutAt(55)],
    ],
    [
      'ABRUPT_EXIT',
      'the handler exited with requests open',
      { ...exited(0, 60), snapshots: [before('node server.js')] },
      [cutAt(55)],
    ],
    [
      'OOM_KILLED',
      'the kernel killed it for want of memory',
      {
        exit: { ...observationOf().exit, exitCode: 137, oomKilled: true, atMs: 400 },
        snapshots: [before('node server.js')],
      },
      [cutAt(390)],
    ],
    [
      'HANDLER_EXCEEDS_GRACE',
      'it lost a child to memory long before, and drained until SIGKILL',
      {
        ...KILLED,
        exit: { ...observationOf().exit, exitCode: 137, oomKilled: true, atMs: 10_050 },
        snapshots: [before('node server.js'), after('node server.js')],
      },
      [cutAt(10_040)],
    ],
    [
      'CAUSE_UNCLEAR',
      'it handled the signal, nothing was left to answer, and it stayed',
      { ...KILLED, snapshots: [before('node server.js'), after('node server.js')] },
      [{ sentAt: -50, endAt: 150 }],
    ],
    [
      'STUCK_ON_CONNECTIONS',
      'all was answered, nothing more was asked, and a connection stayed open to the end',
      {
        ...KILLED,
        snapshots: [before('node server.js'), after('node server.js')],
        sockets: socketsWith('3000 172.17.0.1:40000'),
      },
      [{ sentAt: -50, endAt: 150 }],
    ],
    [
      'CAUSE_UNCLEAR',
      'all was answered, and only a connection of its own to a database was open to the end',
      {
        ...KILLED,
        snapshots: [before('node server.js'), after('node server.js')],
        sockets: socketsWith('41000 10.0.0.5:5432'),
      },
      [{ sentAt: -50, endAt: 150 }],
    ],
    [
      'CAUSE_UNCLEAR',
      'the connection that was open to the end carried a late request that it never answered',
      {
        ...KILLED,
        snapshots: [before('node server.js'), after('node server.js')],
        sockets: socketsWith('3000 172.17.0.1:40000'),
      },
      [
        { sentAt: -50, endAt: 150 },
        { ...cutAt(10_040, 5000), flags: ['pooled', 'reused', 'fin'] },
      ],
    ],
    [
      'CAUSE_UNCLEAR',
      'all was answered and no connection was left',
      { ...KILLED, snapshots: [before('node server.js'), after('node server.js')], sockets: socketsWith() },
      [{ sentAt: -50, endAt: 150 }],
    ],
    [
      'CAUSE_UNCLEAR',
      'connections were open to the end, but the listener was too',
      {
        ...KILLED,
        snapshots: [before('node server.js'), after('node server.js')],
        sockets: socketsWith('3000 172.17.0.1:40000').slice(0, 1),
      },
      [{ sentAt: -50, endAt: 150 }],
    ],
    [
      'HANDLER_EXCEEDS_GRACE',
      'a connection was open to the end because its request was not answered',
      {
        ...KILLED,
        snapshots: [before('node server.js'), after('node server.js')],
        sockets: socketsWith('3000 172.17.0.1:40000'),
      },
      [cutAt(10_040)],
    ],
    [
      'HANDLER_EXCEEDS_GRACE',
      'a handler for a single time, which has left the mask, closed the listener',
      { ...KILLED, snapshots: [before('node server.js'), after('!node server.js')] },
      [{ sentAt: null, endAt: 60, ending: 'notConnected' }, cutAt(10_040)],
    ],
    ['CAUSE_UNCLEAR', 'the engine could not show the processes', KILLED, [cutAt(10_040)]],
    [
      'HANDLER_EXCEEDS_GRACE',
      'a shell is PID 1, but its trap passes the signal on',
      {
        ...KILLED,
        snapshots: [before('/bin/sh /start.sh', 'node server.js'), after('/bin/sh /start.sh', 'node server.js')],
      },
      [{ sentAt: null, endAt: 60, ending: 'notConnected' }, cutAt(10_040)],
    ],
    [
      'CAUSE_UNCLEAR',
      'a shell with a trap left, and whether the app had the signal is not known',
      { ...exited(143, 50), snapshots: [before('/bin/sh /start.sh', 'node server.js')] },
      [cutAt(45)],
    ],
    [
      'ABRUPT_EXIT',
      'an app that is PID 1 exits 143: no default action ends PID 1, so it was its handler',
      { ...exited(143, 50), snapshots: [before('node server.js')] },
      [cutAt(45)],
    ],
    [
      'DEFAULT_ACTION_DEATH',
      'a JVM as PID 1 exits 143 at once, and catches the signal to the end',
      { ...exited(143, 150), snapshots: [before('java -cp /app Server'), after('java -cp /app Server')] },
      [cutAt(60)],
    ],
    [
      'ABRUPT_EXIT',
      'a JVM exits 143 after its shutdown hook has taken a while',
      { ...exited(143, 3000), snapshots: [before('java -cp /app Server')] },
      [cutAt(2990)],
    ],
    [
      'ABRUPT_EXIT',
      'a Node app exits 2: that is no Go runtime',
      { ...exited(2, 50), snapshots: [before('node server.js')] },
      [cutAt(45)],
    ],
  ];

  test.each(table)('%s: %s', (code, _title, changes, told) => {
    const found = codes(observationOf(changes), ...told);
    expect(found[0]).toBe(code);
  });

  test.each([
    ['41000 10.0.0.5:5432', 'a connection to 10.0.0.5:5432 was open to the end'],
    [null, 'such as a timer; it had no connection of its own open at the end'],
  ])('where it is unclear, names what it may have waited for: %s', (open, said) => {
    const sockets = open === null ? socketsWith() : socketsWith(open);
    const snapshots = [before('node server.js'), after('node server.js')];
    const { findings } = assess(
      observationOf({ ...KILLED, snapshots, sockets }),
      ledgerOf(...healthy(), { sentAt: -50, endAt: 150 }),
    );
    expect(findings[0]?.message).toContain(said);
  });

  test('where clients’ connections and its own were open to the end, names both', () => {
    const sockets = socketsWith('3000 172.17.0.1:40000', '41000 10.0.0.5:5432');
    const snapshots = [before('node server.js'), after('node server.js')];
    const { findings } = assess(
      observationOf({ ...KILLED, snapshots, sockets }),
      ledgerOf(...healthy(), { sentAt: -50, endAt: 150 }),
    );
    expect(findings[0]?.code).toBe('CAUSE_UNCLEAR');
    expect(findings[0]?.message).toContain('it waits for clients that stay: 1 idle connection of theirs');
    expect(findings[0]?.message).toContain('a connection to 10.0.0.5:5432 was open to the end');
  });

  test('says nothing of an exit code that nobody knows', () => {
    const exit = { ...observationOf().exit, exitCode: null, atMs: 60 };
    const [cause] = assess(
      observationOf({ exit, snapshots: [before('node server.js')] }),
      ledgerOf(...healthy(), cutAt(55)),
    ).findings;
    expect(cause?.code).toBe('ABRUPT_EXIT');
    expect(cause?.message).not.toContain('null');
  });

  test.each([
    ['node server.js', 'SIGUSR1', '0000000000000200', 'Node starts its inspector on SIGUSR1'],
    ['java -jar app.jar', 'SIGQUIT', '0000000000000004', 'the JVM prints its threads on SIGQUIT'],
  ])('may be that the runtime of `%s` has a use of its own for %s', (command, stopSignal, caught, said) => {
    const caughtBy = ({ processes, ...snapshot }: ProcessSnapshot): ProcessSnapshot => ({
      ...snapshot,
      processes: processes.map((one) => ({ ...one, masks: { caught, ignored: '0', blocked: '0' } })),
    });
    const { target } = observationOf();
    const observation = observationOf({
      ...KILLED,
      target: { ...target, stopSignal },
      events: KILLED.events?.map((one) => (one.signal === 'SIGTERM' ? { ...one, signal: stopSignal } : one)) ?? [],
      snapshots: [caughtBy(before(command)), caughtBy(after(command))],
    });
    const told: readonly Told[] = [
      { sentAt: -50, endAt: 150 },
      { sentAt: 9700, endAt: 9900 },
    ];
    const [cause] = assess(observation, ledgerOf(...healthy(), ...told)).findings;
    expect(cause?.code).toBe('CAUSE_UNCLEAR');
    expect(cause?.message).toContain(said);
  });

  test('is a death at once by the process’s own end, however late the engine tells of it', () => {
    const snapshots = [before('!tini -- node server.js', 'node server.js')];
    const late = exited(143, 900);
    const seen = { ...observationOf().exit, ...late.exit, processEndedAtMs: 50 };
    expect(codes(observationOf({ ...late, snapshots, exit: seen }), cutAt(45))[0]).toBe('DEFAULT_ACTION_DEATH');
  });

  test('is not owed where the run passes', () => {
    expect(codes(observationOf({ snapshots: [before('node server.js')] }), { sentAt: -50, endAt: 150 })).toEqual([]);
  });

  test('is not owed for a wrong exit code alone', () => {
    const found = codes(observationOf({ ...exited(1, 500), snapshots: [before('node a.js')] }), {
      sentAt: -50,
      endAt: 150,
    });
    expect(found).toEqual(['UNEXPECTED_EXIT_CODE']);
  });

  test('is an abrupt exit where what was cut comes before an exit that takes a while, with nothing answered in between', () => {
    const snapshots = [before('node server.js'), after('node server.js')];
    const slow = observationOf({ ...exited(0, 350), snapshots });
    expect(codes(slow, cutAt(30))).toContain('ABRUPT_EXIT');
    expect(codes(slow, cutAt(30), { sentAt: -20, endAt: 200 })).toContain('CAUSE_UNCLEAR');
    expect(codes(observationOf({ ...exited(0, 900), snapshots }), cutAt(30))).toContain('CAUSE_UNCLEAR');
  });

  test('is not a shell where bash has replaced itself by the app', () => {
    const snapshots = [before('node server.js'), after('node server.js')];
    const observation = observationOf({ ...KILLED, snapshots });
    const shellForm = { ...observation.target, command: ['/bin/bash', '-c', 'node server.js'] };
    expect(codes({ ...observation, target: shellForm }, cutAt(10_040))[0]).toBe('HANDLER_EXCEEDS_GRACE');
  });
});

describe('consequences', () => {
  test('requests taken after the signal and cut while the process lives on are late losses', () => {
    const late: Told = { sentAt: 300, endAt: 302, ending: 'cutBefore', flags: ['reset'] };
    const later: Told = { sentAt: 700, endAt: 900 };
    expect(codes(observationOf({ ...exited(0, 3000) }), { sentAt: -50, endAt: 150 }, late, later)).toEqual([
      'LATE_LOST',
    ]);
  });

  test('a late loss that falls together with the exit is one more of the same', () => {
    const late = (sentAt: number): Told => ({ sentAt, endAt: sentAt + 1, ending: 'cutBefore', flags: ['fin'] });
    const told = [{ sentAt: -50, endAt: 150 }, late(300), late(600), late(950), { sentAt: 951, endAt: 990 }];
    expect(codes(observationOf(), ...told)).toEqual(['LATE_LOST']);
  });

  test('connections accepted only to be cut are late losses, however soon the exit follows', () => {
    const cut = (sentAt: number): Told => ({ sentAt, endAt: sentAt + 1, ending: 'cutBefore', flags: ['reset'] });
    const told = [{ sentAt: -50, endAt: 20 }, cut(5), cut(25), { sentAt: null, endAt: 30, ending: 'notConnected' }];
    const { verdict, findings } = assess(observationOf(exited(0, 40)), ledgerOf(...healthy(), ...(told as Told[])));
    expect(verdict).toBe('fail');
    expect(findings).toMatchObject([{ code: 'LATE_LOST', args: { lost: 2 } }]);
  });

  test('an exit with 137 that nobody forced is told from the engine’s SIGKILL', () => {
    const observation = observationOf(exited(137, 800));
    const { verdict, findings } = assess(observation, ledgerOf(...healthy(), { sentAt: -50, endAt: 150 }));
    expect(verdict).toBe('fail');
    expect(findings[0]?.message).toContain('The engine sent no SIGKILL');
    expect(findings[0]?.advice).toContain('--accept-exit-code 0,143,137');
  });

  test('503 for what was in flight fails, 503 for what came later does not', () => {
    const inFlight = codes(observationOf(), { sentAt: -50, endAt: 150, status: 503 });
    const later = codes(observationOf(), { sentAt: -50, endAt: 150 }, { sentAt: 100, endAt: 150, status: 503 });
    expect([inFlight, later]).toEqual([['REJECTED_IN_FLIGHT'], []]);
  });

  test('503 within the signal’s interval may be an answer to what came after it', () => {
    expect(codes(observationOf(), { sentAt: -50, endAt: 150 }, { sentAt: 5, endAt: 9, status: 503 })).toEqual([]);
  });

  test('a readiness path of its own may turn to 503', () => {
    const request = { method: 'GET', headers: {}, body: null, share: 1, everyMs: null };
    const observation = withPlan(
      {},
      {
        requests: [
          { ...request, path: '/' },
          { ...request, path: '/healthz' },
        ],
      },
    );
    expect(codes(observation, { sentAt: -50, endAt: 150 }, { sentAt: -20, endAt: 150, status: 503, kind: 1 })).toEqual(
      [],
    );
  });

  test('500 after the signal fails and names the status', () => {
    const { findings, verdict } = assess(
      observationOf(),
      ledgerOf(...healthy(), { sentAt: -50, endAt: 150, status: 500 }),
    );
    expect(verdict).toBe('fail');
    expect(findings.map(({ code }) => code)).toEqual(['FAILED_WHILE_DRAINING']);
    expect(findings[0]?.message).toContain('status 500');
  });

  test('a process that was killed for want of memory long before the stop is no cause of what came then', () => {
    const ended = (exitCode: number): Partial<Observation> => ({
      exit: { ...observationOf().exit, exitCode, oomKilled: true, atMs: 60 },
      snapshots: [tree(-1, 'node server.js')],
    });
    const lost = [{ sentAt: -50, endAt: 55, ending: 'cutBefore', flags: ['fin'] }] as const;
    const answered = [{ sentAt: -50, endAt: 55 }] as const;
    expect(codes(observationOf(ended(0)), ...lost)[0]).toBe('ABRUPT_EXIT');
    expect(codes(observationOf(ended(0)), ...answered)).toEqual([]);
    const oom = { action: 'oom', signal: null, exitCode: null, atMs: 30 } as const;
    const since = observationOf({ ...ended(0), events: [oom] });
    const [cause] = assess(since, ledgerOf(...healthy(), ...lost)).findings;
    expect(cause).toMatchObject({
      code: 'OOM_KILLED',
      message: expect.stringContaining("a process of the container's"),
    });
  });

  test('losses that nobody read are warnings, and failures when asked for', () => {
    const told: readonly Told[] = [
      { sentAt: -50, endAt: 150 },
      { sentAt: 30, endAt: 31, ending: 'cutBefore', flags: ['reset', 'reused', 'pooled'] },
    ];
    const lenient = assess(observationOf(), ledgerOf(...healthy(), ...told));
    const strict = assess(withPlan({ strictUnread: true }), ledgerOf(...healthy(), ...told));
    expect(lenient).toMatchObject({ verdict: 'pass', findings: [{ code: 'KEEPALIVE_RESET', severity: 'warning' }] });
    expect(strict.verdict).toBe('fail');
  });
});

describe('beside the steady load', () => {
  const hold = (changes: Partial<TimedHold>): TimedHold => ({
    kind: 'sse',
    path: '/events',
    ending: 'clean',
    openedAtMs: -5000,
    endedAtMs: 40,
    closeCode: null,
    verifiable: true,
    messages: 3,
    lastMessageAtMs: 10,
    ...changes,
  });
  const parkedOnly = (...requests: readonly TimedParked[]): Observation =>
    observationOf({ parking: { mode: 'headers', droppedBecause: null, expectedStatus: 200, requests } });
  const answered: TimedParked = { status: 200, ending: 'answered', openedAtMs: -200, wholeAtMs: 900, endedAtMs: 901 };
  const verdictOf = (observation: Observation, ...told: readonly Told[]) => {
    const { verdict, findings } = assess(observation, ledgerOf(...healthy(), ...told));
    return { verdict, codes: findings.map(({ code }) => code) };
  };
  const inFlight: Told = { sentAt: -50, endAt: 100 };

  test('a held connection that is ended passes', () => {
    expect(verdictOf(observationOf({ holds: [hold({})] }), inFlight)).toEqual({ verdict: 'pass', codes: [] });
  });

  test('a held connection that is cut fails', () => {
    const cut = hold({ kind: 'ws', ending: 'cut', endedAtMs: 900, closeCode: 1006 });
    expect(verdictOf(observationOf({ holds: [cut] }), inFlight)).toEqual({ verdict: 'fail', codes: ['HELD_CUT'] });
  });

  test('one that never ended while it was watched is not judged', () => {
    const open = hold({ ending: 'open', endedAtMs: null });
    expect(verdictOf(observationOf({ holds: [open] }), inFlight).verdict).toBe('pass');
  });

  test('one that ended before the stop shows nothing', () => {
    const early = observationOf({ holds: [hold({ endedAtMs: -300 })] });
    expect(verdictOf(early, inFlight)).toEqual({ verdict: 'inconclusive', codes: ['HELD_ENDED_EARLY'] });
  });

  test('one that was there until SIGKILL is what the process was stuck on', () => {
    const holds = [hold({ ending: 'cut', endedAtMs: 10_040 })];
    const refused: Told = { sentAt: null, endAt: 300, ending: 'notConnected' };
    const { verdict, codes: found } = verdictOf(observationOf({ ...KILLED, holds }), inFlight, refused);
    expect(verdict).toBe('fail');
    expect(found).toEqual(['STUCK_ON_CONNECTIONS', 'HELD_CUT']);
  });

  test('a parked request that is answered after the signal is enough in flight', () => {
    expect(verdictOf(observationOf()).codes).toEqual(['NOTHING_IN_FLIGHT']);
    expect(verdictOf(parkedOnly(answered))).toEqual({ verdict: 'pass', codes: [] });
    // Answered before the signal it was not there when that came.
    expect(verdictOf(parkedOnly({ ...answered, wholeAtMs: -50, endedAtMs: -40 })).verdict).toBe('inconclusive');
  });

  test('one that the app had whole and cut fails, one that it turned away unfinished does not', () => {
    const cut: TimedParked = { ...answered, status: null, ending: 'cut' };
    expect(verdictOf(parkedOnly(answered, cut))).toEqual({ verdict: 'fail', codes: ['PARKED_LOST'] });
    const turnedAway: TimedParked = { ...answered, status: null, ending: 'closedUnfinished', wholeAtMs: null };
    expect(verdictOf(parkedOnly(answered, turnedAway)).verdict).toBe('pass');
  });

  test('one that is answered as never before fails, and one that is turned away neither fails nor shows anything', () => {
    const failed: TimedParked = { ...answered, status: 500 };
    expect(verdictOf(parkedOnly(answered, failed))).toEqual({ verdict: 'fail', codes: ['PARKED_LOST'] });
    const turnedAway: TimedParked = { ...answered, status: 503 };
    expect(verdictOf(parkedOnly(turnedAway)).codes).toEqual(['NOTHING_IN_FLIGHT']);
    expect(verdictOf(parkedOnly(turnedAway), inFlight).verdict).toBe('pass');
  });

  test('a bad exit code is not excused by nothing lost where a held connection was cut', () => {
    const cut = [hold({ ending: 'cut', endedAtMs: 900 })];
    const { findings } = assess(observationOf({ ...exited(1, 1000), holds: cut }), ledgerOf(...healthy(), inFlight));
    expect(findings.find(({ code }) => code === 'UNEXPECTED_EXIT_CODE')?.advice).toBeNull();
  });

  test('what could not be parked is said', () => {
    const parking = { mode: null, droppedBecause: 'the app answers early', expectedStatus: null, requests: [] };
    expect(verdictOf(observationOf({ parking }), inFlight)).toEqual({ verdict: 'pass', codes: ['PARK_DROPPED'] });
  });
});

describe('could not tell', () => {
  const answered: Told = { sentAt: -50, endAt: 150 };

  test('nothing in flight is inconclusive', () => {
    const assessment = assess(observationOf(), ledgerOf(...healthy()));
    expect(assessment).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'NOTHING_IN_FLIGHT' }] });
  });

  test('an app that fails before the signal is inconclusive, and its requests do not count', () => {
    const failing: Told = { endAt: -100, ending: 'cutBefore', flags: ['fin'] };
    const assessment = assess(observationOf(exited(0, 60)), ledgerOf(...healthy(), failing, answered, cutAt(55)));
    expect(assessment).toMatchObject({ verdict: 'inconclusive', requests: { heldAgainst: 0 } });
  });

  test('it replaces a pass only: SIGKILL fails whatever else holds', () => {
    expect(assess(observationOf(KILLED), ledgerOf(...healthy())).verdict).toBe('fail');
  });

  test('a body in flight that may have been cut is inconclusive, however many were refused since', () => {
    const whole: readonly Told[] = healthy().map((told) => ({ ...told, bytes: 900, flags: ['closeDelimited'] }));
    const short: Told = { sentAt: -50, endAt: 150, bytes: 400, flags: ['closeDelimited'] };
    const refused = Array.from({ length: 500 }, (_, n): Told => ({
      sentAt: null,
      endAt: 200 + n,
      ending: 'notConnected',
    }));
    const assessment = assess(observationOf(), ledgerOf(...whole, answered, short, ...refused));
    expect(assessment).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'TOO_AMBIGUOUS' }] });
    expect(assessment.findings[0]?.message).toContain('may have been cut');
  });

  describe('a load that stood still', () => {
    const harness = { ...observationOf().harness, ratePerSecond: 1500 };
    const stopped = observationOf({ ...exited(0, 60), harness });
    const refusedAt = (ms: number): Told => ({ sentAt: null, endAt: ms + 1, ending: 'notConnected' });
    const everyMsBut = (from: number, to: number): readonly Told[] =>
      Array.from({ length: 60 }, (_, ms) => refusedAt(ms)).filter((_, ms) => ms <= from || ms >= to);

    test('for most of the stop did not see it', () => {
      const assessment = assess(stopped, ledgerOf(...healthy(), answered, ...everyMsBut(5, 45)));
      expect(assessment).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'HARNESS_LIMIT' }] });
      expect(assessment.findings[0]?.message).toContain('no request left in 40 ms of the stop');
    });

    test('for a part of it did', () => {
      expect(assess(stopped, ledgerOf(...healthy(), answered, ...everyMsBut(5, 25))).verdict).toBe('pass');
    });

    test('by its schedule is no limit of the machine’s', () => {
      const slow = { ...stopped, harness: { ...harness, ratePerSecond: 50 } };
      expect(assess(slow, ledgerOf(...healthy(), answered, ...everyMsBut(5, 45))).verdict).toBe('pass');
    });
  });

  test('a harness that was late says so', () => {
    const harness = { ...observationOf().harness, latenessMs: { p50: 1, p99: 900, max: 1000 } };
    const assessment = assess(observationOf({ harness }), ledgerOf(...healthy(), answered));
    expect(assessment).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'HARNESS_LIMIT' }] });
  });
});
