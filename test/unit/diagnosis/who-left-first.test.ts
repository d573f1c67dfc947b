import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import type {
  KernelEvent,
  KernelProcess,
  KernelTrace,
  Observation,
  ProcessSnapshot,
} from '../../../src/observation.ts';
import { healthy, ledgerOf, observationOf, type Told } from '../observed.ts';
import { tree } from './endings.ts';

const ENGINE: KernelProcess = { pid: 7, name: 'runc' };
/** As `tree` numbers them: PID 1, and what is below it. */
const [PID1, FIRST, SECOND] = [100, 101, 102].map((pid): KernelProcess => ({ pid, name: `p${pid}` })) as [
  KernelProcess,
  KernelProcess,
  KernelProcess,
];

type SignalEvent = Extract<KernelEvent, { kind: 'signal' }>;
const sent = (sender: KernelProcess, receiver: KernelProcess, changes: Partial<SignalEvent> = {}): KernelEvent => ({
  kind: 'signal',
  atMs: 12,
  signal: 'SIGTERM',
  sender,
  receiver,
  code: 0,
  result: 'delivered',
  ...changes,
});
const toPid1 = sent(ENGINE, PID1);
const teardownOf = (receiver: KernelProcess, result: SignalEvent['result'] = 'delivered'): KernelEvent =>
  sent(PID1, receiver, { signal: 'SIGKILL', code: 128, result });
/** It raised the signal again with the default action, as Node does by itself. */
const tookDefault = (process: KernelProcess): readonly KernelEvent[] => [
  { kind: 'taken', atMs: 12, signal: 'SIGTERM', process, by: 'handler' },
  sent(process, process, { code: -6 }),
  { kind: 'taken', atMs: 13, signal: 'SIGTERM', process, by: 'default' },
];
const traced = (...events: readonly KernelEvent[]): KernelTrace => ({ kind: 'traced', pid1: 100, events, lost: 0 });
const untraced: KernelTrace = { kind: 'untraced', because: 'it is off' };

/** A fast end that cut one request, or SIGKILL after the grace period of ten seconds. */
function causeOf(
  snapshot: ProcessSnapshot,
  kernel: KernelTrace,
  ending: { readonly exitCode: number; readonly atMs?: number },
  ...told: readonly Told[]
): Finding | undefined {
  const { exitCode, atMs = 50 } = ending;
  const exit = { ...observationOf().exit, exitCode, atMs };
  const killed = exitCode === 137;
  const events: Observation['events'] = [
    { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 12 },
    ...(killed ? [{ action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: atMs - 30 } as const] : []),
    { action: 'die', signal: null, exitCode, atMs },
  ];
  const snapshots = [snapshot, ...(killed ? [{ ...snapshot, atMs: 1000 }] : [])];
  const cut: Told = { sentAt: killed ? atMs - 150 : -50, endAt: atMs - 5, ending: 'cutBefore', flags: ['fin'] };
  const observation = observationOf({ snapshots, kernel, events, exit });
  return assess(observation, ledgerOf(...healthy(), ...(told.length > 0 ? told : [cut]))).findings[0];
}

describe('a shell whose trap catches the signal', () => {
  const shell = tree(-1, '/bin/sh ./start.sh', 'node server.js');
  const ending = { exitCode: 0 };

  test('tore the app down where the kernel says that it went first', () => {
    const forwarded = causeOf(shell, traced(toPid1, sent(PID1, FIRST), teardownOf(FIRST)), ending);
    expect(forwarded).toMatchObject({ code: 'NAMESPACE_TEARDOWN', args: { reached: true } });
    expect(forwarded?.advice).toContain('wait "$child"');
    const kept = causeOf(shell, traced(toPid1, teardownOf(FIRST)), ending);
    expect(kept?.message).toContain('which the signal never reached');
  });

  test('left so long after the signal as the kernel says, not as long as the engine took to tell of it', () => {
    const ends = [PID1, FIRST].map((process, nth): KernelEvent => ({ kind: 'exit', atMs: 40 + 5 * nth, process }));
    const afterPid1 = (event: KernelEvent): KernelEvent => ({ ...event, atMs: 41 });
    const kept = causeOf(shell, traced(toPid1, ...ends, afterPid1(teardownOf(FIRST))), ending);
    expect(kept?.message).toContain('left 28 ms after SIGTERM');
    const passedOn = traced(toPid1, sent(PID1, FIRST), ...ends, afterPid1(teardownOf(FIRST, 'ignored')));
    expect(causeOf(shell, passedOn, ending)?.message).toContain('exited 33 ms later');
  });

  test('waited for an app that exited by itself where the kernel killed nobody', () => {
    const trace = traced(toPid1, sent(PID1, FIRST), teardownOf(FIRST, 'ignored'));
    expect(causeOf(shell, trace, { exitCode: 143 })?.code).toBe('ABRUPT_EXIT');
  });

  test('waited for an app without a handler where that raised the signal again', () => {
    const trace = traced(toPid1, sent(PID1, FIRST), ...tookDefault(FIRST));
    expect(causeOf(shell, trace, { exitCode: 143 })).toMatchObject({
      code: 'DEFAULT_ACTION_DEATH',
      args: { isCertain: true },
    });
  });

  test.each([
    ['was not asked', untraced],
    ['lost a part of what it saw', { ...traced(toPid1), lost: 3 } as KernelTrace],
  ])('or the app: that stays open where the kernel %s', (_how, kernel) => {
    const finding = causeOf(shell, kernel, ending);
    expect(finding?.code).toBe('CAUSE_UNCLEAR');
    expect(finding?.args['candidates']).toHaveLength(2);
  });

  test('keeps the signal all the same where it waits for the app in the foreground', () => {
    const end = { exitCode: 137, atMs: 10_050 };
    const finding = causeOf(shell, traced(toPid1), end);
    expect(finding?.code).toBe('SHELL_IS_PID1');
    expect(finding?.message).toContain('when the command in the foreground is done');
    expect(causeOf(shell, untraced, end)?.code).toBe('CAUSE_UNCLEAR');
    // The same to look at: an app that got it, and never stops listening.
    expect(causeOf(shell, traced(toPid1, sent(PID1, FIRST)), end)?.code).toBe('CAUSE_UNCLEAR');
  });
});

describe('a shell below PID 1', () => {
  const ending = { exitCode: 143 };

  test('takes the app with it where it dies of the signal, whoever else got that', () => {
    const dies = tree(-1, '!tini -g -- sh -c node server.js', '!sh -c node server.js', 'node server.js');
    expect(causeOf(dies, untraced, ending)).toMatchObject({ code: 'NAMESPACE_TEARDOWN', args: { reached: null } });
    const group = traced(toPid1, sent(PID1, SECOND), sent(PID1, FIRST), teardownOf(SECOND));
    expect(causeOf(dies, group, ending)?.message).toContain('which had not finished');
  });

  test('does not die of a signal that it ignores', () => {
    const ignores = tree(-1, '!tini -- sh ./start.sh', '-sh ./start.sh', 'node server.js');
    expect(causeOf(ignores, untraced, ending)?.code).toBe('CAUSE_UNCLEAR');
  });

  test('passes a second signal on where the init signals the group, and the app exits on that', () => {
    const trap = tree(-1, '!tini -g -- ./start.sh', '/bin/sh ./start.sh', 'node server.js');
    const finding = causeOf(trap, traced(toPid1, sent(PID1, SECOND), sent(FIRST, SECOND)), ending);
    expect(finding).toMatchObject({ code: 'ABRUPT_EXIT', args: { signals: 2 } });
    expect(finding?.message).toContain('got SIGTERM twice');
    expect(causeOf(trap, untraced, ending)?.code).toBe('CAUSE_UNCLEAR');
  });
});

describe('a wrapper', () => {
  const direct = tree(-1, 'node /usr/local/bin/yarn start', 'node server.js');

  test('that is PID 1 took the app with it', () => {
    const finding = causeOf(direct, traced(toPid1, teardownOf(FIRST)), { exitCode: 1 });
    expect(finding?.code).toBe('SIGNAL_NOT_FORWARDED');
    expect(finding?.advice).toContain('without `yarn` in front: `CMD ["node", "server.js"]`');
  });

  test('in front of an app with a title of its own is advised without a command that nobody can start', () => {
    const next = tree(-1, 'npm start', '!sh -c next start', 'next-server (v14.2.3)');
    const finding = causeOf(next, untraced, { exitCode: 1 });
    expect(finding?.advice).toContain('without `npm` in front: by the command that its script runs.');
    expect(finding?.advice).not.toContain('CMD');
  });

  test('that passes the signal on to an app that exits at once is not to blame', () => {
    expect(causeOf(direct, traced(toPid1, sent(PID1, FIRST)), { exitCode: 0 })?.code).toBe('ABRUPT_EXIT');
    expect(causeOf(direct, untraced, { exitCode: 0 })?.code).toBe('CAUSE_UNCLEAR');
  });

  test('that passed it on to an app that stays is not to blame either', () => {
    const end = { exitCode: 137, atMs: 10_050 };
    expect(causeOf(direct, traced(toPid1, sent(PID1, FIRST)), end)?.code).toBe('CAUSE_UNCLEAR');
    expect(causeOf(direct, traced(toPid1), end)?.code).toBe('SIGNAL_NOT_FORWARDED');
  });

  test('behind an init is torn down with it, by a shell of its own', () => {
    const npm = tree(-1, '!tini -- npm start', 'npm start', '!sh -c node server.js', 'node server.js');
    const finding = causeOf(npm, untraced, { exitCode: 143 });
    expect(finding?.code).toBe('NAMESPACE_TEARDOWN');
    expect(finding?.advice).toContain('without `npm` in front');
  });
});

test('an app that something else ended than the signal is said to have never got that', () => {
  const pm2 = tree(-1, 'node /usr/local/bin/pm2-runtime server.js', 'node server.js');
  const other = sent(PID1, FIRST, { signal: 'SIGINT' });
  const finding = causeOf(pm2, traced(toPid1, other), { exitCode: 0 });
  expect(finding).toMatchObject({ code: 'SIGNAL_NOT_FORWARDED', args: { how: 'unlearned' } });
  const shell = tree(-1, '/bin/sh ./start.sh', 'node server.js');
  const unclear = causeOf(shell, traced(toPid1, other), { exitCode: 0 });
  expect(unclear?.code).toBe('CAUSE_UNCLEAR');
  expect(unclear?.message).toContain('which never reached it');
});

describe('an app that is told of the stop by another signal', () => {
  const end = { exitCode: 137, atMs: 10_050 };
  const stop = sent(ENGINE, PID1);

  test.each([
    ['a trap', '/bin/sh ./start.sh'],
    ['pm2', 'node /usr/local/bin/pm2-runtime server.js'],
  ])('by %s did learn of it, and its own handler may be what kept it', (_, pid1) => {
    const told = traced(stop, sent(PID1, FIRST, { signal: 'SIGINT' }));
    const finding = causeOf(tree(-1, pid1, 'node server.js'), told, end);
    expect(finding?.code).toBe('CAUSE_UNCLEAR');
    expect(finding?.message).toContain("its handler for SIGINT, which it got in the stop signal's place");
  });

  test('did not get the wrong one where that is the one on which it drains', () => {
    const init = tree(-1, '!dumb-init --rewrite 15:3 nginx', 'nginx: master process nginx');
    const quit = traced(stop, sent(PID1, FIRST, { signal: 'SIGQUIT' }));
    expect(causeOf(init, quit, { exitCode: 0, atMs: 2000 })?.code).toBe('CAUSE_UNCLEAR');
    expect(causeOf(init, traced(stop, sent(PID1, FIRST)), { exitCode: 0 })?.code).toBe('WRONG_STOP_SIGNAL');
  });

  test('and is killed by whoever is in front of it did not exit by itself', () => {
    const supervised = tree(-1, '/usr/bin/python3 /usr/bin/supervisord', 'node server.js');
    const [term, kill] = [sent(PID1, FIRST), sent(PID1, FIRST, { signal: 'SIGKILL', atMs: 1980 })];
    const finding = causeOf(supervised, traced(stop, term, kill), { exitCode: 0, atMs: 2000 });
    expect(finding?.code).toBe('CAUSE_UNCLEAR');
    expect(finding?.message).toContain('p100 ended it by SIGKILL 2 s after the stop');
    expect(finding?.advice).toContain('stopwaitsecs');
    expect(causeOf(supervised, traced(stop, term), { exitCode: 0, atMs: 2000 })?.code).toBe('ABRUPT_EXIT');
    const primary = tree(-1, '/usr/bin/python3 /usr/bin/supervisord', 'node server.js', 'node server.js');
    const orphaned = causeOf(primary, traced(stop, term, kill, teardownOf(SECOND)), { exitCode: 0, atMs: 2000 });
    expect(orphaned?.message).toContain('p100 ended it by SIGKILL');
  });
});

describe('a primary with workers', () => {
  const cluster = tree(-1, 'node server.js', '/usr/local/bin/node /app/server.js');
  const ending = { exitCode: 0 };

  test('that goes first takes them with it', () => {
    const finding = causeOf(cluster, traced(toPid1, sent(PID1, FIRST), teardownOf(FIRST)), ending);
    expect(finding?.code).toBe('NAMESPACE_TEARDOWN');
    expect(finding?.message).toContain('the kernel killed the workers of `node server.js` with it');
    expect(finding?.advice).toContain('Let the primary leave last');
  });

  test('that goes first behind an init takes them with it too', () => {
    const below = tree(-1, '!tini -- node server.js', 'node server.js', '/usr/local/bin/node /app/server.js');
    const finding = causeOf(below, traced(toPid1, sent(PID1, FIRST), teardownOf(SECOND)), ending);
    expect(finding?.message).toContain('the kernel killed the workers of `node server.js` with it');
    expect(finding?.advice).toContain('Let the primary leave last');
  });

  test('and that loses one to the want of memory, and lives on, has not gone first', () => {
    const later: KernelEvent = { kind: 'exit', atMs: 40, process: PID1 };
    const trace = traced(toPid1, sent(PID1, FIRST), teardownOf(FIRST), later);
    expect(causeOf(cluster, trace, ending)?.code).not.toBe('NAMESPACE_TEARDOWN');
  });

  test('that waits for workers which exit at once does not', () => {
    expect(causeOf(cluster, traced(toPid1, sent(PID1, FIRST)), ending)?.code).toBe('ABRUPT_EXIT');
  });

  test('may outlive them for a while, and what they had is still cut with them', () => {
    const slow = { exitCode: 0, atMs: 1200 };
    const cut: Told = { sentAt: -50, endAt: 60, ending: 'cutBefore', flags: ['fin'] };
    const answered: Told = { sentAt: -20, endAt: 180 };
    const forwarded = [toPid1, sent(PID1, FIRST)];
    const exit: KernelEvent = { kind: 'exit', atMs: 58, process: FIRST };
    expect(causeOf(cluster, traced(...forwarded, exit), slow, cut, answered)?.code).toBe('ABRUPT_EXIT');
    expect(causeOf(cluster, traced(...forwarded), slow, cut, answered)?.code).toBe('CAUSE_UNCLEAR');
    const npm = tree(-1, 'npm start', 'node server.js');
    expect(causeOf(npm, traced(...forwarded, exit), slow, cut, answered)?.code).toBe('ABRUPT_EXIT');
  });

  test('or they: that stays open where the kernel was not asked', () => {
    const finding = causeOf(cluster, untraced, ending);
    expect(finding?.code).toBe('CAUSE_UNCLEAR');
    expect(finding?.message).toContain('PID 1 left before its workers were done');
  });

  test('is an app alone where its child is another program', () => {
    const helper = tree(-1, 'node server.js', '/app/esbuild --service');
    expect(causeOf(helper, traced(toPid1, teardownOf(FIRST)), ending)?.code).toBe('ABRUPT_EXIT');
    const job = tree(-1, 'node server.js', 'node worker.js');
    expect(causeOf(job, untraced, ending)?.code).toBe('ABRUPT_EXIT');
  });
});

test('a request that outlasts the grace period says nothing of an app that may never have had the signal', () => {
  const snapshot = tree(-1, '/bin/sh ./start.sh', 'node server.js');
  const end = { exitCode: 137, atMs: 10_050 };
  const open: Told = { sentAt: -50, endAt: 10_040, ending: 'cutBefore', flags: ['fin'] };
  expect(causeOf(snapshot, untraced, end, open)?.code).toBe('CAUSE_UNCLEAR');
  expect(causeOf(snapshot, traced(toPid1), end, open)?.code).toBe('SHELL_IS_PID1');
  expect(causeOf(snapshot, traced(toPid1, sent(PID1, FIRST)), end, open)?.code).toBe('HANDLER_EXCEEDS_GRACE');
});

test('a PID 1 that discards the signal it raised again has no handler, whether or not its mask was seen since', () => {
  const snapshot = tree(-1, 'node server.js');
  const trace = traced(toPid1, ...tookDefault(PID1));
  expect(causeOf(snapshot, trace, { exitCode: 137, atMs: 10_050 })?.code).toBe('PID1_NO_HANDLER');
});
