import type { KernelEvent, KernelProcess } from '../../observation.ts';
import type { LivingProcess } from './living.ts';
import type { Task, TraceRecord } from './parse.ts';

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;
type What = WithoutTime<KernelEvent>;

/** An event of the target's, microseconds of CLOCK_MONOTONIC. */
export type FollowedEvent = What & { readonly monoUs: number };

/** Follows the target's processes through the trace of a whole machine. */
export interface Following {
  take(record: TraceRecord): void;
  /** What was kept, oldest first. */
  events(): readonly FollowedEvent[];
  /** Events that there was no room to keep, but for the oldest births and deaths. */
  readonly dropped: number;
}

/** The kernel's si_code for a signal of its own (SI_KERNEL, include/uapi/asm-generic/siginfo.h). */
const FROM_KERNEL = 128;
/** A target that starts processes without end must not fill the memory: its oldest births and deaths are let go. */
const MAX_EVENTS = 4000;

/** The thread that ends its process may be gone this long before the last of the others. */
const EXIT_TAKES_US = 100_000;

/** A process of the target's. */
interface Member {
  readonly pid: number;
  name: string;
  readonly tids: Set<number>;
  /** Signals that wait to be taken, oldest first. */
  waiting: string[];
  /** When the kernel first ended one of its threads; null where it did not. */
  killedAtUs: number | null;
  readonly killedTids: Set<number>;
  /** When a thread last left without having been ended; null where none did. */
  leftAtUs: number | null;
}

/** Pure, apart from what it has been given so far. */
export function follow(living: readonly LivingProcess[]): Following {
  const members = new Map<number, Member>();
  const pidOf = new Map<number, number>();
  let kept: FollowedEvent[] = [];
  let dropped = 0;
  for (const { pid, name, tids } of living) join(pid, name, tids);

  function join(pid: number, name: string, tids: readonly number[]): void {
    const fresh = { waiting: [], killedAtUs: null, killedTids: new Set<number>(), leftAtUs: null };
    members.set(pid, { pid, name, tids: new Set(tids), ...fresh });
    for (const tid of tids) pidOf.set(tid, pid);
  }

  function memberOf(tid: number): Member | undefined {
    return members.get(pidOf.get(tid) ?? -1);
  }

  function keep(monoUs: number, what: What): void {
    if (kept.length >= MAX_EVENTS)
      kept = kept.filter(({ kind }, index) => index >= MAX_EVENTS / 2 || kind === 'signal' || kind === 'taken');
    if (kept.length < MAX_EVENTS) kept.push({ ...what, monoUs });
    else dropped++;
  }

  const process = ({ pid, name }: Member): KernelProcess => ({ pid, name });
  /** Threads bear names of their own; what counts is the process. */
  const processOf = (task: Task): KernelProcess => {
    const member = memberOf(task.tid);
    if (member?.pid === task.tid && isName(task.name)) member.name = task.name;
    return member ? process(member) : { pid: task.tid, name: task.name };
  };

  const TAKE: { readonly [K in TraceRecord['kind']]: (record: TraceRecord & { readonly kind: K }) => void } = {
    generate({ monoUs, by, to, signal, code, result }) {
      const target = memberOf(to.tid);
      const source = memberOf(by.tid);
      if (!target && !source) return;
      // A last thread that clears away what is left of its own process says nothing new.
      if (target === source && code === FROM_KERNEL && result === 'ignored') return;
      if (result === 'delivered') target?.waiting.push(signal);
      keep(monoUs, { kind: 'signal', signal, sender: processOf(by), receiver: processOf(to), code, result });
    },
    deliver({ monoUs, by, signal, handled }) {
      const member = memberOf(by.tid);
      if (!member) return;
      if (signal === 'SIGKILL') {
        // Every thread of a process that is ended gets this, whatever ended it: which signal did, its last thread tells.
        member.killedAtUs ??= monoUs;
        member.killedTids.add(by.tid);
        return;
      }
      member.waiting = member.waiting.filter((one) => one !== signal);
      keep(monoUs, { kind: 'taken', signal, process: processOf(by), by: handled ? 'handler' : 'default' });
    },
    newTask({ monoUs, by, tid, isThread }) {
      const parent = memberOf(by.tid);
      if (!parent) return;
      if (isThread) {
        parent.tids.add(tid);
        pidOf.set(tid, parent.pid);
        return;
      }
      join(tid, parent.name, [tid]);
      keep(monoUs, { kind: 'fork', process: { pid: tid, name: parent.name }, parentPid: parent.pid });
    },
    exec({ monoUs, by, file, tid }) {
      const member = members.get(tid);
      if (!member) return;
      // Whichever thread does it, it alone goes on, under the number of the process.
      for (const one of member.tids) pidOf.delete(one);
      join(tid, isName(by.name) ? by.name : member.name, [tid]);
      keep(monoUs, { kind: 'exec', process: processOf(by), command: file });
    },
    exit({ monoUs, by }) {
      const member = memberOf(by.tid);
      if (!member) return;
      if (!member.killedTids.has(by.tid)) member.leftAtUs = monoUs;
      member.tids.delete(by.tid);
      pidOf.delete(by.tid);
      if (member.tids.size > 0) return;
      members.delete(member.pid);
      const signal = killedBy(member);
      if (signal !== null && member.killedAtUs !== null)
        keep(member.killedAtUs, { kind: 'taken', signal, process: process(member), by: 'default' });
      keep(monoUs, { kind: 'exit', process: process(member) });
    },
  };

  return {
    take: (record) => (TAKE[record.kind] as (record: TraceRecord) => void)(record),
    events: () => kept.toSorted((a, b) => a.monoUs - b.monoUs),
    get dropped() {
      return dropped;
    },
  };
}

/**
 * The signal that ended a process; null where it exited by itself. A process that exits has the kernel end its other
 * threads too, but not the one that asked for it.
 */
function killedBy({ waiting, killedAtUs, leftAtUs }: Member): string | null {
  if (killedAtUs === null) return null;
  if (waiting.includes('SIGKILL')) return 'SIGKILL';
  const exited = leftAtUs !== null && leftAtUs >= killedAtUs - EXIT_TAKES_US;
  return exited ? null : (waiting.at(-1) ?? null);
}

/** The kernel remembers only so many names, and tells of the others so. */
function isName(name: string): boolean {
  return name !== '' && name !== '<...>';
}
