import type { ProcessFacts } from '../../../src/engines/engine.ts';
import type { Observation, ProcessSnapshot } from '../../../src/observation.ts';
import { observationOf } from '../observed.ts';

const SIGTERM_BIT = '0000000000004000';
const NONE = '0000000000000000';

/**
 * A process tree from outer to inner, PID 1 as 100 and the others from 101 on; a command that starts with `!` does not
 * catch SIGTERM, one that starts with `-` ignores it.
 */
export function tree(atMs: number, ...commands: readonly string[]): ProcessSnapshot {
  const processes = commands.map((command, depth): ProcessFacts => ({
    pid: 100 + depth,
    ppid: 99 + depth,
    isPid1: depth === 0,
    command: command.replace(/^[!-]/, ''),
    state: 'S',
    masks: {
      caught: /^[!-]/.test(command) ? NONE : SIGTERM_BIT,
      ignored: command.startsWith('-') ? SIGTERM_BIT : NONE,
      blocked: NONE,
    },
  }));
  return { atMs, by: 'engine', processes };
}

/** Ended by SIGKILL after a grace period of 10 s. */
export const KILLED: Partial<Observation> = {
  events: [
    { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: 12 },
    { action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: 10_020 },
    { action: 'die', signal: null, exitCode: 137, atMs: 10_050 },
  ],
  exit: { ...observationOf().exit, exitCode: 137, atMs: 10_050 },
};
/** Ended by itself, so long after T0. */
export const exited = (exitCode: number, atMs: number): Partial<Observation> => ({
  exit: { ...observationOf().exit, exitCode, atMs },
});
