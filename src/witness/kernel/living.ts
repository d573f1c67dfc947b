import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process with its threads, by the numbers of this machine's kernel. */
export interface LivingProcess {
  readonly pid: number;
  readonly name: string;
  readonly tids: readonly number[];
}

/** The processes that live in the PID namespace of this one now, itself included. Empty where it has ended. */
export function livingWith(pid1: number): readonly LivingProcess[] {
  const namespace = namespaceOf(pid1);
  if (namespace === null) return [];
  return numbersIn('/proc')
    .filter((pid) => namespaceOf(pid) === namespace)
    .map((pid) => ({ pid, name: nameOf(pid), tids: numbersIn(`/proc/${pid}/task`) }));
}

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

/** The name of a process or thread, as the kernel cuts it; empty where it has ended. */
export function nameOf(tid: number): string {
  try {
    return readFileSync(`/proc/${tid}/comm`, 'utf8').trimEnd();
  } catch {
    return '';
  }
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
