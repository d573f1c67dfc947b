import { expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import type { Finding, FindingCode } from '../../../src/diagnosis/finding.ts';
import type { Observation } from '../../../src/observation.ts';
import { healthy, ledgerOf, observationOf, type Told } from '../observed.ts';
import { commandObservation } from '../observed-command.ts';
import { exited, KILLED, tree } from './endings.ts';

/** Cut off with the process, read by the app. */
const cutAt = (endAt: number, sentAt = -50): Told => ({ sentAt, endAt, ending: 'cutBefore', flags: ['fin'] });

interface Case {
  readonly code: FindingCode;
  readonly observation: Partial<Observation>;
  readonly command?: readonly string[];
  readonly told?: readonly Told[];
  readonly says: string;
}

function find({ code, observation, command, told = [] }: Case): Finding | undefined {
  const all = assess(commandObservation(observation, command), ledgerOf(...healthy(), ...told)).findings;
  return all.find((finding) => finding.code === code);
}

const NGINX = ['nginx: master process nginx -g daemon off;', 'nginx: worker process'] as const;

const CASES: readonly Case[] = [
  {
    code: 'SHELL_IS_PID1',
    observation: { ...KILLED, snapshots: [tree(-1, '!sh -c node server.js', 'node server.js')] },
    told: [cutAt(10_040, 9_900)],
    says: 'Start it as `node server.js` (in a Dockerfile: `CMD ["node", "server.js"]`), without the shell, so that the app itself gets the signal.',
  },
  {
    code: 'SHELL_IS_PID1',
    command: ['sh', '-c', 'cd app && node .'],
    observation: { ...KILLED, snapshots: [tree(-1, '!sh -c cd app && node .', 'node .')] },
    told: [cutAt(10_040, 9_900)],
    says: "Put `exec` before the last command of `cd app && node .`, so that the app takes the shell's place.",
  },
  {
    code: 'SHELL_IS_PID1',
    command: ['sh', '-c', 'node . & wait'],
    observation: { ...KILLED, snapshots: [tree(-1, '!sh -c node . & wait', 'node .')] },
    told: [cutAt(10_040, 9_900)],
    says: 'Start the app with `exec`, as the last command of `node . & wait` and in the foreground',
  },
  {
    code: 'SHELL_IS_PID1',
    command: ['sh', '-c', 'node .; true'],
    observation: { ...KILLED, snapshots: [tree(-1, '!sh -c node .; true', 'node .')] },
    told: [cutAt(10_040, 9_900)],
    says: 'Start the app with `exec`, as the last command of `node .; true`',
  },
  {
    code: 'PID1_NO_HANDLER',
    command: ['node', '--watch', 'server.js'],
    observation: { ...KILLED, snapshots: [tree(-1, '!node --watch server.js', 'node server.js')] },
    told: [cutAt(10_040, 9_900)],
    says: 'If the app is `node server.js`, which that started: start it without `node --watch server.js` in front',
  },
  {
    code: 'ABRUPT_EXIT',
    command: ['node', '.'],
    observation: { ...exited(139, 12), snapshots: [tree(-1, 'node .')] },
    told: [cutAt(10)],
    says: 'Exit code 139: it crashed (SIGSEGV).',
  },
  {
    code: 'ABRUPT_EXIT',
    command: ['node', '.'],
    observation: { ...exited(0, 12), snapshots: [tree(-1, 'node .')] },
    told: [cutAt(10)],
    says: 'Exit code 0 does not show it.',
  },
  {
    code: 'IN_FLIGHT_LOST',
    command: ['node', '.'],
    observation: { ...exited(1, 12), snapshots: [tree(-1, 'node .')] },
    told: [cutAt(10)],
    says: '1 request under way was cut off 10 ms after the stop began. The app had read it: sent again, it may be done twice.',
  },
  {
    code: 'SHELL_IS_PID1',
    command: ['./start.sh'],
    observation: { ...KILLED, snapshots: [tree(-1, '!sh ./start.sh', 'node .')] },
    told: [cutAt(10_040, 9_900)],
    says: 'Start the app with `exec` at the end of `./start.sh`',
  },
  {
    code: 'SIGNAL_NOT_FORWARDED',
    command: ['npm', 'start'],
    observation: { ...exited(1, 600), snapshots: [tree(-1, 'npm start', '!sh -c node .', 'node .')] },
    told: [cutAt(590)],
    says: 'Start the app itself, without `npm` in front: `node .` (in a Dockerfile: `CMD ["node", "."]`).',
  },
  {
    code: 'NAMESPACE_TEARDOWN',
    observation: { ...exited(143, 50), snapshots: [tree(-1, '!tini -- sh -c node .', '!sh -c node .', 'node .')] },
    told: [cutAt(45)],
    says: 'shutdown-check sent no SIGKILL and exit code 143 looks clean, but what was in flight is gone.',
  },
  {
    code: 'WRONG_STOP_SIGNAL',
    command: ['nginx', '-g', 'daemon off;'],
    observation: { ...exited(0, 60), snapshots: [tree(-1, ...NGINX)] },
    told: [cutAt(55)],
    says: 'Stop it with SIGQUIT: `STOPSIGNAL SIGQUIT` in a Dockerfile, `KillSignal=SIGQUIT` in a systemd unit. `--stop-signal SIGQUIT` tries it here.',
  },
  {
    code: 'UNEXPECTED_EXIT_CODE',
    observation: { ...exited(137, 60), snapshots: [tree(-1, 'node server.js')] },
    says: 'shutdown-check sent no SIGKILL: the app exited with 137 by itself, or was killed by somebody else, or by the kernel for want of memory.',
  },
  {
    code: 'OOM_KILLED',
    observation: {
      ...KILLED,
      events: [...(KILLED.events ?? []), { action: 'oom', signal: null, exitCode: null, atMs: 400 }],
      exit: { ...observationOf().exit, exitCode: 1, atMs: 500 },
      snapshots: [tree(-1, 'node server.js')],
    },
    told: [cutAt(490)],
    says: "After SIGTERM the kernel killed a process of the command's for want of memory.",
  },
  {
    code: 'CAUSE_UNCLEAR',
    observation: { ...KILLED, snapshots: [] },
    told: [cutAt(10_040)],
    says: 'The processes could not be read from /proc; run where that shows them to tell these apart.',
  },
  {
    code: 'CAUSE_UNCLEAR',
    observation: { ...KILLED, snapshots: [tree(-1, 'pm2-runtime app.js', 'node app.js')] },
    told: [cutAt(10_040)],
    says: 'So would the kernel: `--kernel-trace on`, as root.',
  },
];

test.each(CASES)('of a command $code says: $says', (one) => {
  const found = find(one);
  expect(`${found?.message} ${found?.advice}`).toContain(one.says);
  expect(`${found?.message} ${found?.advice}`).not.toMatch(/\bcontainer|\bthe engine\b/i);
});

test.each([
  [300, '600ms'],
  [1_500, '3s'],
  [0, '1s'],
])('after a grace period of %d ms twice as much is %s', (graceMs, twice) => {
  const { plan } = commandObservation();
  const snapshots = [tree(-1, 'node server.js'), tree(graceMs + 1, 'node server.js')];
  const events = [
    { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 0 },
    { action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: graceMs },
  ] as const;
  const exit = { ...observationOf().exit, exitCode: 137, atMs: graceMs + 5 };
  const observation = { plan: { ...plan, graceMs }, signalByMs: 0, events, snapshots, exit };
  const found = find({ code: 'HANDLER_EXCEEDS_GRACE', observation, told: [cutAt(graceMs + 4)], says: '' });
  expect(found?.advice).toContain(`\`--grace ${twice}\` tries it here.`);
});
