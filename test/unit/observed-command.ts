import type { KernelTrace, Observation, ProcessSnapshot } from '../../src/observation.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { asTyped } from '../../src/report/text.ts';
import { healthy, ledgerOf, observationOf, withPlan } from './observed.ts';

const BEHIND_SHELL: readonly string[] = ['sh', '-c', 'node server.js'];

/** The same plan, of a command in the place of its image. */
export function commandPlan(plan: Plan, command: readonly string[] = BEHIND_SHELL): Plan {
  return {
    ...plan,
    image: { kind: 'command', reference: asTyped(command), command, directory: '.' },
    container: { ...plan.container, network: 'own' },
  };
}

/** A command in a PID namespace of its own that got SIGTERM, drained for a second and exited 0, changed where a test says so. */
export function commandObservation(changes: Partial<Observation> = {}, command = BEHIND_SHELL): Observation {
  const { image, target } = observationOf();
  return observationOf({
    engine: { kind: 'namespace', version: '6.18.44', apiVersion: null },
    image: { ...image, id: null, command, exposedPorts: [] },
    plan: commandPlan(withPlan({ graceMs: 3_000 }, { warmupMs: 1_000, rampMs: 300 }).plan, command),
    target: { ...target, id: '21556', command, address: { host: '127.0.0.1', port: 3000, via: 'local' } },
    ...changes,
  });
}

const NONE = '0000000000000000';

function snapshot(atMs: number): ProcessSnapshot {
  const masks = { ignored: NONE, blocked: NONE };
  const common = { state: 'S', isPid1: false, ppid: 21_556 };
  return {
    atMs,
    by: 'proc',
    processes: [
      {
        ...common,
        pid: 21_556,
        ppid: 21_555,
        isPid1: true,
        command: 'sh -c node server.js',
        masks: { ...masks, caught: '0000000000010002' },
      },
      { ...common, pid: 21_557, command: 'node server.js', masks: { ...masks, caught: '0000000100004602' } },
    ],
  };
}

const [US, SH, NODE] = [
  { pid: 21_541, name: 'shutdown-check' },
  { pid: 21_556, name: 'sh' },
  { pid: 21_557, name: 'node' },
];

/** As a 6.18 kernel recorded it. */
const TRACE: KernelTrace = {
  kind: 'traced',
  pid1: SH.pid,
  lost: 0,
  events: [
    { kind: 'signal', signal: 'SIGTERM', sender: US, receiver: SH, code: 0, result: 'ignored', atMs: 0.339 },
    { kind: 'signal', signal: 'SIGKILL', sender: US, receiver: SH, code: 0, result: 'delivered', atMs: 3001.178 },
    { kind: 'taken', signal: 'SIGKILL', process: SH, by: 'default', atMs: 3001.19 },
    { kind: 'exit', process: SH, atMs: 3001.212 },
    { kind: 'signal', signal: 'SIGKILL', sender: SH, receiver: NODE, code: 128, result: 'delivered', atMs: 3001.45 },
    { kind: 'taken', signal: 'SIGKILL', process: NODE, by: 'default', atMs: 3001.452 },
    { kind: 'signal', signal: 'SIGKILL', sender: SH, receiver: NODE, code: 128, result: 'ignored', atMs: 3001.453 },
    { kind: 'exit', process: NODE, atMs: 3001.64 },
  ],
};

/** `exec --grace 3s -- sh -c "node server.js"`, as it was observed. */
export const KILLED_BEHIND_SHELL: Observation = commandObservation({
  events: [
    { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 0.388 },
    { action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: 3001.498 },
    { action: 'die', signal: null, exitCode: 137, atMs: 3007.6 },
  ],
  signalByMs: 0.98,
  stopReturnedAtMs: 3007.8,
  snapshots: [-24.7, 19.9, 100.6, 300.9, 1000.8, 2601.2].map(snapshot),
  kernel: TRACE,
  exit: { ...observationOf().exit, exitCode: 137, atMs: 3007.6, processEndedAtMs: 3007 },
});

/** Its requests: a new one each 67 ms, 200 ms each. */
export const BEHIND_SHELL_LEDGER = ledgerOf(
  ...healthy(30),
  ...[-150, -83, -17].map((sentAt) => ({ sentAt, endAt: sentAt + 200 })),
  ...Array.from({ length: 40 }, (_, nth) => ({ sentAt: 50 + nth * 67, endAt: 250 + nth * 67 })),
  ...[2830, 2896, 2963].map((sentAt) => ({ sentAt, endAt: 3002, ending: 'cutBefore', flags: ['fin'] }) as const),
);
