import { readlinkSync } from 'node:fs';
import type { Target } from '../engine.ts';
import { endingOf } from './ending.ts';
import { type Beside, execBeside } from './exec.ts';
import type { Launched } from './launch.ts';
import { readOutput } from './output.ts';
import { readProcesses } from './processes.ts';
import { socketReader } from './sockets.ts';

/** The PID namespace that the kernel starts with always has this number (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const INITIAL = 'pid:[4026531836]';

/** What it was started as. */
export interface StartedAs {
  readonly stopSignal: string;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
}

/** A command that runs, as a target. */
export function targetOf(launched: Launched, startedAs: StartedAs, beside: Omit<Beside, 'pid1'>): Target {
  const { pid1 } = launched;
  const ending = endingOf(launched);
  const output = readOutput(launched);
  const sockets = socketReader(pid1);
  return {
    id: String(pid1),
    attached: null,
    ...startedAs,
    addressOf: (port) => sockets.addressOf(port),
    state: () => Promise.resolve(ending.state()),
    kernelPid1: readlinkSync('/proc/self/ns/pid') === INITIAL ? pid1 : null,
    processes: () => (ending.state().running ? readProcesses(pid1) : Promise.resolve(null)),
    sockets: () => sockets.table(),
    listeningPorts: () => sockets.ports(),
    watch: (onEvent) => Promise.resolve(ending.watch(onEvent)),
    followLogs: (onLine) => output.follow(onLine),
    stop: (graceMs) => ending.stop(startedAs.stopSignal, graceMs),
    signal: (name) => Promise.resolve(ending.send(name)),
    async exec(command, abort) {
      // Its number may be somebody else's by now.
      if (!ending.state().running) throw new Error('the command has ended');
      return await execBeside({ ...beside, pid1 }, command, abort);
    },
    [Symbol.asyncDispose]: () => ending.kill(),
  };
}
