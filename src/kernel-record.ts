import type { KernelEvent, KernelProcess, KernelTrace, Observation } from './observation.ts';
import { FROM_KERNEL } from './signals.ts';

/** A signal as the kernel recorded it. */
export type RecordedSignal = KernelEvent & { readonly kind: 'signal' };

/** The kernel's record, where it was asked. */
export type Traced = KernelTrace & { readonly kind: 'traced' };

/**
 * What a process made of the stop signal. `default`: the signal's default action, which ends a process, and which the
 * kernel discards for PID 1. `blocked`: it had it held back, as an init does that waits for signals and passes them on.
 */
export type Taking = 'handler' | 'default' | 'ignored' | 'blocked' | 'never';

/** What ended a process: PID 1's own end, the kernel for another reason (want of memory, say), or somebody's SIGKILL. */
export interface Killer {
  readonly kind: 'teardown' | 'kernel' | 'process';
  readonly atMs: number;
  /** Who was running; of the kernel's own signals, who gave it the reason. */
  readonly sender: KernelProcess;
}

/** A handler that raises the signal again this soon, with its default action restored, has done nothing of its own. */
export const RAISED_AT_ONCE_MS = 50;

/** The kernel's clock and ours may tell the same moment so far apart. */
const CLOCKS_APART_MS = 1;

/** Whether a process sent a signal to itself. */
export function isRaised({ sender, receiver }: RecordedSignal): boolean {
  return sender.pid === receiver.pid;
}

/**
 * Whether it is a handler's raising of a signal again, at once and with the default action, which for PID 1 the kernel
 * discards on the spot. Go's runtime does this where nothing asked for the signal, and exits then.
 */
export function isRaisedInVain(event: RecordedSignal, handledAtMs: number, signal: string): boolean {
  const afterMs = event.atMs - handledAtMs;
  return (
    isRaised(event) &&
    event.signal === signal &&
    event.result === 'ignored' &&
    afterMs >= 0 &&
    afterMs <= RAISED_AT_ONCE_MS
  );
}

/**
 * Whether the kernel killed a process because PID 1 had ended, and its PID namespace with it. For want of memory it may
 * kill one while PID 1 runs, and lives on.
 */
export function isTeardown({ signal, code, sender, receiver, atMs }: RecordedSignal, trace: Traced): boolean {
  const { pid1, events } = trace;
  const isOfPid1 = signal === 'SIGKILL' && code === FROM_KERNEL && sender.pid === pid1 && receiver.pid !== pid1;
  return isOfPid1 && !events.some((one) => one.kind === 'exit' && one.process.pid === pid1 && one.atMs > atMs);
}

/** Whether the kernel itself sent it. */
export function isFromKernel({ code }: RecordedSignal): boolean {
  return code === FROM_KERNEL;
}

/**
 * When somebody outside the container had the stop signal generated for PID 1, from T0; null where the kernel was not
 * asked, or did not see it.
 */
export function stopSignalledAtMs(observation: Observation): number | null {
  const { kernel, target, signalFromMs } = observation;
  if (kernel.kind === 'untraced') return null;
  const inside = pidsInside(observation);
  const sent = signalsFromT0(observation).find(
    ({ signal, sender, receiver, atMs }) =>
      signal === target.stopSignal &&
      receiver.pid === kernel.pid1 &&
      !inside.has(sender.pid) &&
      // A preStop hook runs beside the others, and may have sent one of its own.
      atMs >= signalFromMs - CLOCKS_APART_MS,
  );
  return sent?.atMs ?? null;
}

/** The stop signal's arrivals at a process from T0 on, oldest first, those from itself left out; null where untraced. */
export function stopSignalsTo(observation: Observation, pid: number): readonly RecordedSignal[] | null {
  const { kernel, target } = observation;
  if (kernel.kind === 'untraced') return null;
  return signalsFromT0(observation).filter(
    (event) => event.receiver.pid === pid && event.signal === target.stopSignal && !isRaised(event),
  );
}

/**
 * What a process made of the stop signal, from T0 on: of several, the last. Null where untraced, or where events were
 * lost that could say otherwise.
 */
export function tookSignal(observation: Observation, pid: number): Taking | null {
  const { kernel, target } = observation;
  const arrivals = stopSignalsTo(observation, pid);
  if (kernel.kind === 'untraced' || arrivals === null) return null;
  const taken = kernel.events.filter(
    (event) =>
      event.kind === 'taken' && event.atMs >= 0 && event.process.pid === pid && event.signal === target.stopSignal,
  );
  const last = taken.at(-1);
  if (last?.kind === 'taken') {
    const handledFirst = taken.find((event) => event.kind === 'taken' && event.by === 'handler');
    if (!handledFirst) return last.by;
    const raisedInVain = signalsFromT0(observation).some(
      (event) => event.receiver.pid === pid && isRaisedInVain(event, handledFirst.atMs, target.stopSignal),
    );
    if (raisedInVain || (last.by === 'default' && last.atMs - handledFirst.atMs <= RAISED_AT_ONCE_MS)) return 'default';
    // Whether it raised the signal again may be among what was lost.
    return kernel.lost > 0 ? null : 'handler';
  }
  if (arrivals.length === 0) return kernel.lost > 0 ? null : 'never';
  if (arrivals.every(({ result }) => result === 'ignored')) return 'ignored';
  return kernel.lost > 0 ? null : 'blocked';
}

/** Who sent a process its SIGKILL, from T0 on; null where nobody did, or untraced. */
export function killerOf(observation: Pick<Observation, 'kernel'>, pid: number): Killer | null {
  const { kernel } = observation;
  if (kernel.kind === 'untraced') return null;
  const kill = signalsFromT0(observation).find(
    ({ signal, receiver, result }) => signal === 'SIGKILL' && receiver.pid === pid && result === 'delivered',
  );
  if (!kill) return null;
  const kind = isTeardown(kill, kernel) ? 'teardown' : isFromKernel(kill) ? 'kernel' : 'process';
  return { kind, atMs: kill.atMs, sender: kill.sender };
}

/**
 * The process of the container's own that ended another by SIGKILL, as supervisors do with what takes too long; null where
 * none did, or untraced.
 */
export function killedFromInside(observation: Observation, pid: number): Killer | null {
  const killer = killerOf(observation, pid);
  const isInside = killer?.kind === 'process' && pidsInside(observation).has(killer.sender.pid);
  return isInside && killer.sender.pid !== pid ? killer : null;
}

/**
 * The signal that a process got from another of the container's in the place of the stop signal, which it did not get:
 * scripts and supervisors may pass on one of their own choice. Null where there was none such, untraced, or where events were lost that could say otherwise.
 */
export function signalInPlace(observation: Observation, pid: number): string | null {
  const { kernel } = observation;
  if (kernel.kind === 'untraced' || kernel.lost > 0 || stopSignalsTo(observation, pid)?.length !== 0) return null;
  const inside = pidsInside(observation);
  const told = signalsFromT0(observation).find(
    (event) =>
      event.receiver.pid === pid &&
      inside.has(event.sender.pid) &&
      event.signal !== 'SIGKILL' &&
      !isRaised(event) &&
      !isFromKernel(event),
  );
  return told?.signal ?? null;
}

/** Whether the kernel killed it because PID 1 had ended first; null where untraced, or events were lost that could tell. */
export function killedByTeardown(observation: Observation, pid: number): boolean | null {
  const { kernel } = observation;
  if (kernel.kind === 'untraced') return null;
  const killer = killerOf(observation, pid);
  return killer === null && kernel.lost > 0 ? null : killer?.kind === 'teardown';
}

/**
 * When the last process of the target ended, from T0: those that outlive PID 1 by some milliseconds serve until the kernel
 * has killed them. Null where the kernel was not asked, or did not see PID 1 end.
 */
export function allEndedAtMs({ kernel }: Observation): number | null {
  if (kernel.kind === 'untraced') return null;
  const exits = kernel.events.filter((event) => event.kind === 'exit');
  if (!exits.some(({ process }) => process.pid === kernel.pid1)) return null;
  return Math.max(...exits.map(({ atMs }) => atMs));
}

/** When a process ended, from T0; null where that was not recorded. */
export function exitedAtMs({ kernel }: Observation, pid: number): number | null {
  if (kernel.kind === 'untraced') return null;
  return kernel.events.find((event) => event.kind === 'exit' && event.process.pid === pid)?.atMs ?? null;
}

/** The signals from T0 on, oldest first; none where untraced. */
export function signalsFromT0({ kernel }: Pick<Observation, 'kernel'>): readonly RecordedSignal[] {
  if (kernel.kind === 'untraced') return [];
  return kernel.events.filter((event): event is RecordedSignal => event.kind === 'signal' && event.atMs >= 0);
}

/** The processes of the container that were seen, by whichever witness. */
function pidsInside({ kernel, snapshots }: Observation): ReadonlySet<number> {
  if (kernel.kind === 'untraced') return new Set();
  // Of the senders and receivers one may be from outside; whatever else is told is told of the container's own.
  const own = kernel.events.flatMap((event) => (event.kind === 'signal' ? [] : [event.process.pid]));
  return new Set([kernel.pid1, ...own, ...snapshots.flatMap(({ processes }) => processes.map(({ pid }) => pid))]);
}
