import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { type Owner, thisProcess } from '../../owner.ts';

/** A buffer of the kernel's for our events alone. */
export interface TraceInstance extends AsyncDisposable {
  /** The whole lines recorded since the last call. Never waits. */
  read(): readonly string[];
}

const EVENTS = [
  'task/task_newtask',
  'sched/sched_process_exec',
  'sched/sched_process_exit',
  'signal/signal_generate',
  'signal/signal_deliver',
];

/** For each processor: room for some two thousand events between two reads. */
const BUFFER_KB = 128;
const READ_BYTES = 65_536;
/** So many pieces, of a page each, are read at once; what is left then waits for the next call. */
const MAX_PIECES = 1024;
const REMOVE_TRIES = 20;
const REMOVE_EVERY_MS = 25;

/** Its name says who made an instance, so that another run can tell whether anybody still reads it. */
const NAME = /^shutdown-check-(\d+)-(\d*)-\d+$/;

let made = 0;

/** The process on this machine that made an instance of this name; null where it is none of this program's. */
export function makerOf(name: string): Owner | null {
  const [, pid, started = ''] = NAME.exec(name) ?? [];
  return pid === undefined ? null : { ...thisProcess(), pid: Number(pid), started };
}

/**
 * Makes an instance that records these signals, wherever on the machine they are sent, and how processes come and go.
 * Its disposal removes it, and never throws.
 *
 * @param signals numbers of the signals of interest
 * @param toSelf number of a signal of interest only where it is sent to this process
 * @throws Error of the file system; nothing is left behind then.
 */
export async function openInstance(
  tracefs: string,
  signals: readonly number[],
  toSelf: number,
): Promise<TraceInstance> {
  const { pid, started } = thisProcess();
  const folder = `${tracefs}/instances/shutdown-check-${pid}-${started}-${++made}`;
  await mkdir(folder);
  try {
    const write = (file: string, text: string | number): Promise<void> => writeFile(`${folder}/${file}`, String(text));
    const ofInterest = signals.map((signal) => `sig == ${signal}`).join(' || ');
    await write('buffer_size_kb', BUFFER_KB);
    // The clock of performance.now(): times need no translation that could be off.
    await write('trace_clock', 'mono');
    await write('events/signal/signal_generate/filter', `${ofInterest} || (sig == ${toSelf} && pid == ${pid})`);
    await write('events/signal/signal_deliver/filter', ofInterest);
    for (const event of EVENTS) await write(`events/${event}/enable`, 1);
    return instanceOf(folder, openSync(`${folder}/trace_pipe`, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    await removeInstance(folder);
    throw error;
  }
}

function instanceOf(folder: string, pipe: number): TraceInstance {
  const buffer = Buffer.alloc(READ_BYTES);
  let rest = '';
  let isOpen = true;
  return {
    read() {
      if (!isOpen) return [];
      const lines = (rest + readPieces(pipe, buffer)).split('\n');
      rest = lines.pop() ?? '';
      return lines;
    },
    async [Symbol.asyncDispose]() {
      if (!isOpen) return;
      isOpen = false;
      // An instance that is being read cannot be removed.
      closeSync(pipe);
      await removeInstance(folder);
    },
  };
}

function readPieces(pipe: number, buffer: Buffer): string {
  let text = '';
  for (let piece = 0; piece < MAX_PIECES; piece++) {
    const bytes = readNow(pipe, buffer);
    if (bytes === 0) break;
    text += buffer.toString('utf8', 0, bytes);
  }
  return text;
}

function readNow(pipe: number, buffer: Buffer): number {
  try {
    return readSync(pipe, buffer);
  } catch (error) {
    if (['EAGAIN', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

/** Removes an instance, whoever made it. One that somebody still reads may stay: the next sweep tries again. */
export async function removeInstance(folder: string): Promise<void> {
  for (let tries = 0; tries < REMOVE_TRIES; tries++) {
    await writeFile(`${folder}/tracing_on`, '0').catch(() => {});
    const code = await rmdir(folder).then(
      () => null,
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    if (code !== 'EBUSY') return;
    await delay(REMOVE_EVERY_MS);
  }
}
