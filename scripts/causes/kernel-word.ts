import { killerOf, type Taking, tookSignal } from '../../src/kernel-record.ts';
import type { RunRecord } from '../../src/index.ts';

/** What the kernel's record alone says of a stop, without the load, the masks or the logs. */
export interface KernelWord {
  /** What PID 1 made of the stop signal. */
  readonly pid1: Taking;
  /** What the processes below it made of it, each kind once; PID 1's own where there are none. */
  readonly below: readonly Taking[];
  /** SIGKILL came to PID 1 from another process: the engine's escalation. */
  readonly isEscalated: boolean;
  /** The kernel killed processes because PID 1 had ended. */
  readonly isTornDown: boolean;
  /** The kernel killed one for another reason: want of memory. */
  readonly isKilledByKernel: boolean;
}

/** Null where the kernel was not asked, or lost what could say otherwise. */
export function kernelWord({ observation }: RunRecord): KernelWord | null {
  const { kernel, snapshots } = observation;
  if (kernel.kind === 'untraced') return null;
  const before = snapshots.findLast(({ atMs }) => atMs <= 0)?.processes ?? [];
  const pids = before.filter(({ isPid1 }) => !isPid1).map(({ pid }) => pid);
  const pid1 = tookSignal(observation, kernel.pid1);
  const below = (pids.length === 0 ? [kernel.pid1] : pids).map((pid) => tookSignal(observation, pid));
  if (pid1 === null || below.includes(null)) return null;
  const killers = [kernel.pid1, ...pids].map((pid) => killerOf(observation, pid)?.kind ?? null);
  return {
    pid1,
    below: [...new Set(below)].filter((taking) => taking !== null),
    isEscalated: killers[0] === 'process',
    isTornDown: killers.includes('teardown'),
    isKilledByKernel: killers.includes('kernel'),
  };
}

const TAKINGS: Readonly<Record<Taking, string>> = {
  handler: 'took it with a handler',
  default: 'had no handler',
  ignored: 'ignored it',
  blocked: 'did not take it',
  never: 'never got it',
};

/** The kernel's word in a few words, for a table. */
export function sayWord(word: KernelWord, hasOthers: boolean): string {
  return [
    `PID 1 ${TAKINGS[word.pid1]}`,
    hasOthers ? `those below ${word.below.map((taking) => TAKINGS[taking]).join(', or ')}` : '',
    word.isEscalated ? 'SIGKILL by the engine' : '',
    word.isTornDown && !word.isEscalated ? 'PID 1 ended, the kernel killed the rest' : '',
    word.isKilledByKernel ? 'killed by the kernel itself' : '',
  ]
    .filter(Boolean)
    .join('; ');
}
