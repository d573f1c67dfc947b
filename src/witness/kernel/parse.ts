import { signalName } from '../../signals.ts';

/** A task (a thread) as a line of the trace names it. */
export interface Task {
  readonly tid: number;
  readonly name: string;
}

/** Whether the kernel knew a task's name: it remembers only so many, and tells of the others so. */
export function isName(name: string): boolean {
  return name !== '' && name !== '<...>';
}

interface Stamped {
  /** Microseconds of CLOCK_MONOTONIC. */
  readonly monoUs: number;
  /** Who was running, and so did it. */
  readonly by: Task;
}

/** What a line of the trace tells. */
export type TraceRecord = Stamped & Told;

type Told =
  | {
      readonly kind: 'generate';
      readonly signal: string;
      readonly code: number;
      readonly to: Task;
      readonly result: Result;
    }
  | { readonly kind: 'deliver'; readonly signal: string; readonly handled: boolean }
  | { readonly kind: 'newTask'; readonly tid: number; readonly isThread: boolean }
  | { readonly kind: 'exec'; readonly file: string; readonly tid: number }
  | { readonly kind: 'exit' };

type Result = 'delivered' | 'ignored' | 'pending' | 'lost';

/** `comm-tid [cpu] flags seconds.microseconds: event: fields`; some systems put the process in brackets before the CPU. */
const LINE = /^\s*(.*)-(\d+)\s+(?:\(.{1,8}\)\s+)?\[\d+\]\s+(?:\S+\s+)?(\d+)\.(\d{6}): (\w+): (.*)$/;
const LOST = /\[LOST (?:(\d+) )?EVENTS\]/;
/** CLONE_THREAD (include/uapi/linux/sched.h): the new task is a thread of the process that made it. */
const CLONE_THREAD = 0x10000n;
/** The order of include/trace/events/signal.h; where only the sender's details are lost, the signal is delivered. */
const RESULTS: readonly Result[] = ['delivered', 'ignored', 'pending', 'lost', 'delivered'];

/** What a line tells; null for what is none of ours. */
export function parseLine(line: string): TraceRecord | null {
  const [, name = '', tid, seconds, micros, event = '', fields = ''] = LINE.exec(line) ?? [];
  if (tid === undefined) return null;
  const stamp = { monoUs: Number(seconds) * 1e6 + Number(micros), by: { tid: Number(tid), name } };
  const told = PARSERS[event]?.(fields) ?? null;
  return told && { ...stamp, ...told };
}

/** How many events a line says that the kernel had no room for. */
export function lostIn(line: string): number {
  const match = LOST.exec(line);
  return match === null ? 0 : Number(match[1] ?? 1);
}

const PARSERS: Readonly<Record<string, (fields: string) => Told | null>> = {
  signal_generate(fields) {
    const match = /^sig=(\d+) errno=\S+ code=(-?\d+) comm=(.*) pid=(\d+) grp=\d+ res=(\d+)/.exec(fields);
    if (match === null) return null;
    const [, signal = '', code, name = '', tid, res] = match;
    const to = { tid: Number(tid), name };
    const result = RESULTS[Number(res)] ?? 'lost';
    return { kind: 'generate', signal: nameOf(signal), code: Number(code), to, result };
  },
  signal_deliver(fields) {
    const match = /^sig=(\d+) .*sa_handler=([0-9a-f]+)/.exec(fields);
    // 0 is the default action, and 1 none at all (SIG_DFL, SIG_IGN).
    return match && { kind: 'deliver', signal: nameOf(match[1] ?? ''), handled: BigInt(`0x${match[2] ?? '0'}`) > 1n };
  },
  task_newtask(fields) {
    const match = /^pid=(\d+) comm=.* clone_flags=([0-9a-f]+)/.exec(fields);
    if (match === null) return null;
    const isThread = (BigInt(`0x${match[2] ?? '0'}`) & CLONE_THREAD) !== 0n;
    return { kind: 'newTask', tid: Number(match[1]), isThread };
  },
  sched_process_exec(fields) {
    const match = /^filename=(.*) pid=(\d+) old_pid=\d+/.exec(fields);
    return match && { kind: 'exec', file: match[1] ?? '', tid: Number(match[2]) };
  },
  sched_process_exit: () => ({ kind: 'exit' }),
};

function nameOf(number: string): string {
  return signalName(number) ?? number;
}
