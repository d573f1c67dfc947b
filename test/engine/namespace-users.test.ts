import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findProgram } from '../../src/engines/namespace/programs.ts';
import type { ProcessFacts } from '../../src/engines/engine.ts';
import { maskHas } from '../../src/signals.ts';
import { type Copy, isRoot, makeCopy, NOBODY } from './namespace-copy.ts';
import type { Order, Seen } from './namespace-program.ts';

vi.setConfig({ testTimeout: 30_000 });

let copy: Copy;
beforeAll(async () => {
  copy = await makeCopy();
});
afterAll(() => copy[Symbol.asyncDispose]());

const node = (script: string): Order => ({ command: ['node', '-e', script] });
const sh = (script: string): Order => ({ command: ['sh', '-c', script] });
const LOOP = 'echo up; while :; do sleep 0.05; done';
const SLEEP = sh('echo up; exec sleep 60');
const hasInit = ['tini', 'docker-init', 'dumb-init', 'catatonit'].some(
  (name) => findProgram(name, process.env, '/').kind === 'found',
);

const isGone = (pid: number): boolean => {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
};

const users = [
  { user: 'an ordinary user', before: isRoot ? NOBODY : [] },
  ...(isRoot ? [{ user: 'root', before: [] }] : []),
];

describe.each(users)('as $user', ({ before }) => {
  const see = (orders: readonly Order[]): Promise<readonly Seen[]> => copy.run(orders, before);

  test('a command ends with the exit code that a container would have', async () => {
    const seen = await see([
      node("process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e3); console.log('up')"),
      sh(`trap 'exit 7' TERM; ${LOOP}`),
      { ...sh(`trap 'exit 9' 37; ${LOOP}`), plan: { stopSignal: 'SIGRTMIN+3' } },
      // `kill 0` is for everybody in its group, and nobody outside.
      sh(`trap 'trap "" TERM; kill 0; exit 5' TERM; ${LOOP}`),
      { ...SLEEP, graceMs: 200 },
      { ...SLEEP, graceMs: 0 },
      sh('exit 3'),
      ...(process.arch === 'x64' ? [node('process.abort()')] : []),
    ]);
    expect(seen.map(({ state }) => state.exitCode).slice(0, 7)).toEqual([0, 7, 9, 5, 137, 137, 3]);
    // As PID 1 it does not get its own SIGABRT; what the C library does then is a fault.
    if (process.arch === 'x64') expect(seen[7]?.state.exitCode).toBe(139);
    expect(seen.every(({ state }) => !state.running && state.endedEpochMs !== null)).toBe(true);
  });

  test.skipIf(!hasInit)('under an init one without a handler ends by the signal’s default action', async () => {
    const [seen] = await see([{ ...SLEEP, plan: { init: true } }]);
    expect(seen?.state.exitCode).toBe(143);
    expect(seen?.before).toMatchObject([{ isPid1: true }, { isPid1: false }]);
  });

  test('a grace period may be a part of a second; SIGKILL comes after it, and not before', async () => {
    const [seen] = await see([{ ...SLEEP, graceMs: 250 }]);
    expect(seen?.events).toEqual([
      { action: 'kill', signal: 'SIGTERM', exitCode: null },
      { action: 'kill', signal: 'SIGKILL', exitCode: null },
      { action: 'die', signal: null, exitCode: 137 },
    ]);
    expect(seen?.stopTookMs).toBeGreaterThanOrEqual(250);
    expect(seen?.after).toMatchObject([{ isPid1: true }]);
  });

  test('its masks are there before the signal and after it, by which a handler is known', async () => {
    const stays = "setInterval(() => {}, 1e3); console.log('up')";
    const seen = await see([
      { ...node(stays), graceMs: 500 },
      { ...node(`process.on('SIGTERM', () => {}); ${stays}`), graceMs: 500 },
    ]);
    const catches = (processes: readonly ProcessFacts[] = []): boolean =>
      maskHas(processes[0]?.masks?.caught ?? '0', 'SIGTERM');
    expect(seen.map((one) => [catches(one.before), catches(one.after)])).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  test('its output can be written to by the names of the devices', async () => {
    const [seen] = await see([sh('echo one >/dev/stdout; echo two >/dev/stderr; printf three')]);
    expect(seen?.lines.toSorted((a, b) => a.text.localeCompare(b.text))).toEqual([
      { stream: 'stdout', text: 'one' },
      { stream: 'stdout', text: 'three' },
      { stream: 'stderr', text: 'two' },
    ]);
  });

  test('its ports can be read at any time, while processes of it end too', async () => {
    const short = 'while :; do for _ in 1 2 3 4 5 6 7 8; do /bin/true & done; wait; done';
    const [seen] = await see([{ ...sh(`echo up; ${short}`), graceMs: 0, portReadings: 100 }]);
    expect(seen?.ports.filter((ports) => ports?.length !== 0)).toEqual([]);
  });

  test('what is run beside it is in its namespaces, as who it is and with no more rights, and ends with it', async () => {
    const rights = 'grep -E "^(Uid|Gid|Cap(Inh|Prm|Eff|Amb)|NSpid)" /proc/$$/status | sed "s/NSpid.*\\t/NSpid /"';
    const namespaces = 'readlink /proc/$$/ns/user /proc/$$/ns/pid /proc/$$/ns/mnt /proc/$$/ns/net';
    const shown = `${rights}; ${namespaces}`;
    const [seen] = await see([
      {
        ...sh(`${shown}; exec sleep 60`),
        graceMs: 200,
        beside: [
          ['sh', '-c', `${shown}; cat /proc/1/comm`],
          ['/nosuch/program'],
          ['/etc/passwd'],
          ['sh', '-c', 'exit 5'],
        ],
        outliving: ['sleep', '60'],
      },
    ]);
    const [place, ...ends] = seen?.besideEnds ?? [];
    const own = seen?.lines.map(({ text }) => text) ?? [];
    // Only the number in there differs: it is not PID 1.
    const withoutNumber = (lines: readonly string[]): readonly string[] =>
      lines.filter((line) => !line.startsWith('NSpid'));
    expect(own).toContain('NSpid 1');
    expect(withoutNumber(place?.output.split('\n') ?? [])).toEqual([...withoutNumber(own), 'sleep']);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([127, 126, 5]);
    expect(seen?.outlivingEnd).toEqual({ exitCode: 137, output: '' });
  });

  test('nothing is left of it when the program is killed', async () => {
    // The kernel forgets who is to die with whom when a process becomes another user.
    const drops = before.length === 0 ? NOBODY : [];
    const command = [...drops, 'sh', '-c', 'sleep 60 & echo up; wait'];
    const killed = copy.start([{ command, hold: true }], before);
    const [line] = (await once(createInterface({ input: killed.stdout! }), 'line')) as [string];
    const processes = JSON.parse(line) as readonly ProcessFacts[];
    expect(processes).toHaveLength(2);
    killed.kill('SIGKILL');
    const all = processes.flatMap(({ pid, ppid }) => [pid, ppid]);
    await vi.waitFor(() => expect(all.filter((pid) => !isGone(pid))).toEqual([]), { timeout: 10_000 });
  });
});
