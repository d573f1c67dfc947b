import path from 'node:path';

import type { ProcessFacts } from '../engines/engine.ts';
import type { Observation, ProcessSnapshot } from '../observation.ts';
import type { ProcessRecord } from '../result.ts';
import { maskHas } from '../signals.ts';

const SHELLS = new Set(['sh', 'ash', 'dash', 'bash', 'ksh', 'mksh', 'zsh', 'busybox']);
/** They pass signals on although their masks show nothing caught: they wait with the signal blocked. */
const INITS = new Set(['tini', 'tini-static', 'docker-init', 'dumb-init', 'catatonit', 's6-svscan']);
/** They run the app as a child and do not, or not reliably, pass the signal on. */
const WRAPPERS = new Set(['npm', 'npx', 'yarn', 'pnpm', 'supervisord', 'pm2', 'pm2-runtime', 'nodemon']);

/** They have no runtime that exits by itself on a signal, as Go's does. */
const INTERPRETERS = /^(node|bun|deno|python[\d.]*|ruby|php[\d.]*(-fpm)?|perl|java)$/;

/** What a process is, by the name it runs under. */
export type ProcessRole = 'shell' | 'init' | 'wrapper' | 'app';

export function roleOf(process: Pick<ProcessFacts, 'command'>): ProcessRole {
  const [program = '', argument = ''] = process.command.trim().split(/\s+/);
  const name = baseName(program);
  if (SHELLS.has(name)) return 'shell';
  if (INITS.has(name)) return 'init';
  // Node programs show as "node /usr/bin/npm start", or under a title of their own, "npm start".
  if (WRAPPERS.has(name) || WRAPPERS.has(baseName(argument).replace(/(-cli)?\.[cm]?js$/, ''))) return 'wrapper';
  return 'app';
}

/** Whether a process is a program of an interpreter or a virtual machine. */
export function isInterpreted(process: ProcessFacts): boolean {
  return INTERPRETERS.test(programName(process));
}

/** The name of the program that a process runs: `node` of `/usr/bin/node server.js`. */
export function programName({ command }: ProcessFacts): string {
  return baseName(command.trim().split(/\s+/)[0] ?? '');
}

/** Whether a process is a Java virtual machine: it ends by itself on a signal, with the exit code of a death by it. */
export function isJvm({ command }: ProcessFacts): boolean {
  return baseName(command.trim().split(/\s+/)[0] ?? '') === 'java';
}

/** Whether a process sends each of its programs a stop signal of its own choice, and waits for them. */
export function isSupervisor({ command }: Pick<ProcessFacts, 'command'>): boolean {
  return command.trim().split(/\s+/, 2).map(baseName).includes('supervisord');
}

/** `-bash` of a login shell, `/bin/sh` and `sh` are one name. */
export function baseName(program: string): string {
  return path.posix.basename(program).replace(/^-/, '').replace(/:$/, '');
}

export function childrenOf(parent: ProcessFacts, snapshot: ProcessSnapshot): readonly ProcessFacts[] {
  return snapshot.processes.filter(({ ppid }) => ppid === parent.pid);
}

/** Whether a process catches a signal, by its mask; null where its mask could not be read. */
export function catches(process: ProcessFacts | undefined, signal: string): boolean | null {
  return process?.masks ? maskHas(process.masks.caught, signal) : null;
}

/** The last snapshot before the stop. */
export function snapshotBefore({ snapshots }: Observation): ProcessSnapshot | null {
  return snapshots.findLast(({ atMs }) => atMs <= 0) ?? null;
}

/** Snapshots from the moment on when the signal must have arrived. */
export function snapshotsAfter({ snapshots, signalByMs }: Observation): readonly ProcessSnapshot[] {
  return snapshots.filter(({ atMs }) => atMs > signalByMs);
}

/** The same process when it was last seen after the signal. */
export function lastSeenAfter(pid: number, observation: Observation): ProcessFacts | undefined {
  for (const { processes } of [...snapshotsAfter(observation)].reverse()) {
    const found = processes.find((process) => process.pid === pid && !isZombie(process));
    if (found) return found;
  }
  return undefined;
}

function isZombie({ state }: ProcessFacts): boolean {
  return state?.startsWith('Z') ?? false;
}

/** The processes of the saved result: those that ran when the stop began. */
export function recordProcesses(observation: Observation): readonly ProcessRecord[] {
  const signal = observation.target.stopSignal;
  return (snapshotBefore(observation)?.processes ?? []).map((process) => ({
    pid: process.pid,
    ppid: process.ppid,
    isPid1: process.isPid1,
    command: process.command,
    catchesBefore: catches(process, signal),
    catchesAfter: catches(lastSeenAfter(process.pid, observation), signal),
  }));
}
