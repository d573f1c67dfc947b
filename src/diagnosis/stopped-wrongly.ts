import type { ProcessFacts } from '../engines/engine.ts';
import type { KernelTrace } from '../observation.ts';
import { targetNoun, type TargetNoun } from '../plan/terms.ts';
import { canBeHandled } from '../signals.ts';
import type { Evidence } from './evidence.ts';
import { drainSignalOf } from './known-software.ts';
import { isSupervisor } from './processes.ts';

/** What supervisord sends a program whose section names no `stopsignal`. */
const SUPERVISOR_DEFAULT = 'SIGTERM';

/** A program that was stopped by a signal on which it drops its work. */
interface Program {
  readonly software: string;
  readonly signal: string;
  readonly drainsOn: string;
  /** What draining needs besides, a sentence; null for nothing. */
  readonly also: string | null;
}

export type StoppedWrongly = {
  readonly programs: readonly Program[];
  readonly target: TargetNoun;
  /** Whether it ran before: then its own stop signal is what a stop sends, and only another start changes it. */
  readonly isAttached: boolean;
  /** Whether a supervisor chose their signal: then no STOPSIGNAL changes it. */
  readonly isSupervised: boolean;
  /** Whether that signal was seen; else the supervisor's default is assumed. */
  readonly isSeen: boolean;
};

/** A stop signal that no program can handle. The image names it: a plan that does is refused. */
export type Unhandled = {
  readonly unhandled: string;
  /** What is known of the app's own way to stop; null for nothing. */
  readonly known: { readonly software: string; readonly drainsOn: string; readonly also: string | null } | null;
};

/** The stop signal of a failing run, where no program can handle it; else null. */
export function unhandledStop({ app, observation, grounds }: Evidence): Unhandled | null {
  const { stopSignal } = observation.target;
  if (grounds.verdict !== 'fail' || canBeHandled(stopSignal)) return null;
  const known = app && drainSignalOf(app);
  return {
    unhandled: stopSignal,
    known: known && { software: known.software, drainsOn: known.drainsOn, also: known.also },
  };
}

/** The app, or what a supervisor runs, where it is known to drop its work on the signal it got; else null. */
export function stoppedWrongly(evidence: Evidence): StoppedWrongly | null {
  const { app, pid1, children, observation } = evidence;
  const isSupervised = pid1 !== null && isSupervisor(pid1);
  const sent = isSupervised ? sentBy(pid1, observation.kernel) : null;
  const programs = isSupervised
    ? children.flatMap((child) => dropperOf(child, sent?.get(child.pid) ?? (sent ? [] : [SUPERVISOR_DEFAULT])))
    : app
      ? dropperOf(app, [evidence.signalInPlace ?? observation.target.stopSignal])
      : [];
  if (programs.length === 0) return null;
  const isAttached = observation.plan.image.kind === 'container';
  return {
    programs,
    target: targetNoun(observation.plan),
    isAttached,
    isSupervised,
    isSeen: !isSupervised || sent !== null,
  };
}

function dropperOf(process: ProcessFacts, signals: readonly string[]): readonly Program[] {
  const known = drainSignalOf(process);
  const signal = signals.find((one) => known?.dropsOn.includes(one));
  if (!known || signal === undefined) return [];
  return [{ software: known.software, signal, drainsOn: known.drainsOn, also: known.also }];
}

/** The signals that the kernel saw a process send, by their receiver's pid; null where it may have missed some. */
function sentBy({ pid }: ProcessFacts, kernel: KernelTrace): ReadonlyMap<number, readonly string[]> | null {
  if (kernel.kind === 'untraced' || kernel.lost > 0) return null;
  const sent = kernel.events.filter((event) => event.kind === 'signal' && event.sender.pid === pid);
  const signals = new Map<number, string[]>();
  for (const event of sent) {
    if (event.kind !== 'signal') continue;
    signals.set(event.receiver.pid, [...(signals.get(event.receiver.pid) ?? []), event.signal]);
  }
  return signals;
}
