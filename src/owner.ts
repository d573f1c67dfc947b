import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

import { statFields } from './engines/proc/stat.ts';

/** A process somewhere that made something and is to take it away again. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** In clock ticks since boot; empty where the system does not tell. Tells a process from a later one of its number. */
  readonly started: string;
}

/** This very process. */
export function thisProcess(): Owner {
  return { host: hostId(), pid: process.pid, started: statOf(process.pid)?.started ?? '' };
}

/** Whether an owner on this host has ended. One on another host is never said to have. */
export function hasEnded(owner: Owner): boolean {
  if (owner.host !== hostId()) return false;
  if (!exists(owner.pid)) return true;
  const stat = statOf(owner.pid);
  // There is no /proc, or it hides other users' processes: better an orphan left than a living run's container taken.
  if (stat === null) return false;
  // A zombie is as dead as one that its parent has already buried.
  return stat.state === 'Z' || (owner.started !== '' && stat.started !== owner.started);
}

/**
 * The machine and the PID namespace: containers that share an engine may share a machine id and each have a PID 1,
 * so process numbers mean something only within one namespace.
 */
function hostId(): string {
  const machine =
    firstLine('/etc/machine-id') || firstLine('/proc/sys/kernel/random/boot_id').replaceAll('-', '') || hostname();
  return `${machine}${pidNamespace()}`;
}

function pidNamespace(): string {
  try {
    return `-${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`;
  } catch {
    return '';
  }
}

/** State letter and start time (fields 3 and 22 of proc(5)'s stat); null where there is no such process. */
function statOf(pid: number): { readonly state: string; readonly started: string } | null {
  const fields = statFields(firstLine(`/proc/${pid}/stat`));
  return fields.length < 20 ? null : { state: fields[0] ?? '', started: fields[19] ?? '' };
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[0]?.trim() ?? '';
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
