import type { KernelEvent, KernelProcess } from '../../observation.ts';
import { FROM_KERNEL } from '../../signals.ts';
import type { LivingProcess } from './living.ts';
import { isName, type Task, type TraceRecord } from './parse.ts';

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;
type What = WithoutTime<KernelEvent>;

/** An event of the target's, microseconds of CLOCK_MONOTONIC. */
export type FollowedEvent = What & { readonly monoUs: number };

type RecordOf<K extends TraceRecord['kind']> = TraceRecord & { readonly kind: K };

/** A target that starts processes without end must not fill the memory: its oldest births and deaths are let go. */
const MAX_EVENTS = 4000;
/** The thread that ends its process may be gone this long before the last of the others. */
const EXIT_TAKES_US = 100_000;

/** So many threads that have left are still known by their numbers. */
const REMEMBERED = 256;

/** A process of the target's. */
interface Member {
  readonly pid: number;
  name: string;
  readonly tids: Set<number>;
  /** Signals that wait to be taken, oldest first. */
  waiting: { readonly signal: string; readonly sinceUs: number }[];
  /** When the kernel first ended one of its threads; null where it did not. */
  killedAtUs: number | null;
  readonly killedTids: Set<number>;
  /** When a thread last left without having been ended; null where none did. */
  leftAtUs: number | null;
}

/** Follows the target's processes through the trace of a whole machine. Does no I/O. */
export class Following {
  /** Events that there was no room to keep, but for the oldest births and deaths. */
  dropped = 0;
  #kept: FollowedEvent[] = [];
  /** By the numbers of their threads, for a while of those that have left too: the kernel lets them do some last things. */
  readonly #members = new Map<number, Member>();
  readonly #left: number[] = [];

  /** @param living the target's processes at a moment when the trace was being recorded already */
  constructor(living: readonly LivingProcess[]) {
    for (const { pid, name, tids } of living) this.#join(pid, name, tids);
  }

  /** What was kept, oldest first. */
  events(): readonly FollowedEvent[] {
    return this.#kept.toSorted((a, b) => a.monoUs - b.monoUs);
  }

  /** Takes the next record of the trace. */
  take(record: TraceRecord): void {
    switch (record.kind) {
      case 'generate':
        return this.#generate(record);
      case 'deliver':
        return this.#deliver(record);
      case 'newTask':
        return this.#newTask(record);
      case 'exec':
        return this.#exec(record);
      case 'exit':
        return this.#exit(record);
    }
  }

  #generate({ monoUs, by, to, signal, code, result }: RecordOf<'generate'>): void {
    const target = this.#memberOf(to);
    const source = this.#memberOf(by);
    if (!target && !source) return;
    // What a thread does that has left already: PID 1's last one clears the namespace, its own process included.
    if (target === source && code === FROM_KERNEL && target?.tids.has(by.tid) === false) return;
    if (result === 'delivered') target?.waiting.push({ signal, sinceUs: monoUs });
    const [sender, receiver] = [this.#processOf(by), this.#processOf(to)];
    this.#keep(monoUs, { kind: 'signal', signal, sender, receiver, code, result });
  }

  #deliver({ monoUs, by, signal, handled }: RecordOf<'deliver'>): void {
    const member = this.#memberOf(by);
    if (!member) return;
    if (signal === 'SIGKILL') {
      // Every thread of a process that is ended gets this, whatever ended it: which signal did, its last thread tells.
      member.killedAtUs ??= monoUs;
      member.killedTids.add(by.tid);
      return;
    }
    member.waiting = member.waiting.filter((one) => one.signal !== signal);
    this.#keep(monoUs, { kind: 'taken', signal, process: this.#processOf(by), by: handled ? 'handler' : 'default' });
  }

  #newTask({ monoUs, by, tid, isThread }: RecordOf<'newTask'>): void {
    const parent = this.#memberOf(by);
    // The number may have been one of ours.
    this.#members.delete(tid);
    if (!parent) return;
    if (isThread) {
      parent.tids.add(tid);
      this.#members.set(tid, parent);
      return;
    }
    this.#join(tid, parent.name, [tid]);
    this.#keep(monoUs, { kind: 'fork', process: { pid: tid, name: parent.name }, parentPid: parent.pid });
  }

  #exec({ monoUs, by, file, tid }: RecordOf<'exec'>): void {
    const member = this.#members.get(tid);
    if (!member) return;
    // Whichever thread does it, it alone goes on, under the number of the process.
    for (const one of member.tids) this.#members.delete(one);
    this.#join(tid, member.name, [tid]);
    this.#keep(monoUs, { kind: 'exec', process: this.#processOf(by), command: file });
  }

  #exit({ monoUs, by }: RecordOf<'exit'>): void {
    const member = this.#memberOf(by);
    if (member?.tids.delete(by.tid) !== true) return;
    if (!member.killedTids.has(by.tid)) member.leftAtUs = monoUs;
    this.#forgetLater(by.tid);
    if (member.tids.size > 0) return;
    const process = { pid: member.pid, name: member.name };
    const signal = killedBy(member);
    if (signal !== null && member.killedAtUs !== null)
      this.#keep(member.killedAtUs, { kind: 'taken', signal, process, by: 'default' });
    this.#keep(monoUs, { kind: 'exit', process });
  }

  #join(pid: number, name: string, tids: readonly number[]): void {
    const fresh = { waiting: [], killedAtUs: null, killedTids: new Set<number>(), leftAtUs: null };
    const member = { pid, name, tids: new Set(tids), ...fresh };
    for (const tid of tids) this.#members.set(tid, member);
  }

  #forgetLater(tid: number): void {
    this.#left.push(tid);
    if (this.#left.length <= REMEMBERED) return;
    const oldest = this.#left.shift() ?? tid;
    const isBack = this.#members.get(oldest)?.tids.has(oldest) === true;
    if (!isBack) this.#members.delete(oldest);
  }

  #memberOf({ tid }: Task): Member | undefined {
    return this.#members.get(tid);
  }

  /** Threads bear names of their own; what counts is the process. */
  #processOf(task: Task): KernelProcess {
    const member = this.#memberOf(task);
    if (member?.pid === task.tid && isName(task.name)) member.name = task.name;
    return member ? { pid: member.pid, name: member.name } : { pid: task.tid, name: task.name };
  }

  #keep(monoUs: number, what: What): void {
    if (this.#kept.length >= MAX_EVENTS) {
      this.#kept = this.#kept.filter(
        ({ kind }, index) => index >= MAX_EVENTS / 2 || kind === 'signal' || kind === 'taken',
      );
    }
    if (this.#kept.length < MAX_EVENTS) this.#kept.push({ ...what, monoUs });
    else this.dropped++;
  }
}

/**
 * The signal that ended a process; null where it exited by itself. A process that exits has the kernel end its other
 * threads too, but not the one that asked for it.
 */
function killedBy({ waiting, killedAtUs, leftAtUs }: Member): string | null {
  if (killedAtUs === null) return null;
  if (waiting.some(({ signal }) => signal === 'SIGKILL')) return 'SIGKILL';
  const last = waiting.at(-1);
  if (last === undefined) return null;
  // A thread may also leave because its work is done; one that did before the signal came did not leave for it.
  const exited = leftAtUs !== null && leftAtUs >= Math.max(killedAtUs - EXIT_TAKES_US, last.sinceUs);
  return exited ? null : last.signal;
}
