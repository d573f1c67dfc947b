import { type ChildProcess, spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';

const PROGRAMS = path.join(import.meta.dirname, 'programs');

/** Where a process runs: clients and servers each have a core of their own, where there are two and `taskset`. */
export type Side = 'client' | 'server';

const CORES = twoCores();
/** Whether clients and servers are kept on separate cores. */
export const isPinned = CORES !== null;

/** Other work of the machine then waits for what is measured. */
const PRIORITY = -10;
/** Whether clients and servers go before other work, which takes root. */
export const isFirst = process.getuid?.() === 0;

/** A program of ours in a process of its own, which answers messages. Killed at the end of its scope. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess;

  /** @param program A file in `programs`, without its ending. */
  constructor(program: string, side: Side, argument: unknown = null, nodeFlags: readonly string[] = []) {
    const file = path.join(PROGRAMS, `${program}.ts`);
    const command = [process.execPath, ...nodeFlags, file, JSON.stringify(argument)];
    this.process = spawnOn(side, command, ['ignore', 'inherit', 'inherit', 'ipc']);
  }

  /** The next message. @throws where the process ends instead. */
  async next<T>(): Promise<T> {
    const gone = new AbortController();
    const { signal } = gone;
    const ended = once(this.process, 'exit', { signal }).then(([code]) => {
      throw new Error(`${this.process.spawnargs.join(' ')} ended with ${code} and no answer`);
    });
    try {
      const [message] = (await Promise.race([once(this.process, 'message', { signal }), ended])) as [T];
      return message;
    } finally {
      ended.catch(() => {});
      gone.abort();
    }
  }

  /** Sends a message and gives the answer. */
  async ask<T>(message: string): Promise<T> {
    const answer = this.next<T>();
    this.process.send(message);
    return await answer;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}

/** Runs one of the programs to its only message. */
export async function resultOf<T>(
  program: string,
  side: Side,
  argument: unknown,
  nodeFlags: readonly string[] = [],
): Promise<T> {
  await using child = new Child(program, side, argument, nodeFlags);
  return await child.next<T>();
}

/** Starts a command on the core of its side and before other work, in a session of its own. */
export function spawnOn(side: Side, command: readonly string[], stdio: StdioOptions): ChildProcess {
  const core = CORES === null ? [] : ['taskset', '--cpu-list', String(CORES[side])];
  const [program, ...args] = [...core, ...command];
  if (program === undefined) throw new RangeError('an empty command');
  const child = spawn(program, args, { stdio, detached: true });
  if (isFirst && child.pid !== undefined) putFirst(child.pid);
  return child;
}

/** Where sessions share the processor evenly (`autogroup`), the priority of a session is what counts. */
function putFirst(pid: number): void {
  setPriority(pid, PRIORITY);
  const session = `/proc/${pid}/autogroup`;
  if (existsSync(session)) writeFileSync(session, String(PRIORITY));
}

function twoCores(): Record<Side, number> | null {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return null;
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const cores = list.split(',').flatMap((range) => {
    const [from = NaN, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, n) => from + n);
  });
  const [client, server] = cores;
  return client === undefined || server === undefined ? null : { client, server };
}
