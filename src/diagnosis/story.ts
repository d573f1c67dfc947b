import type { KernelEvent, KernelProcess, Observation } from '../observation.ts';
import {
  isFromKernel,
  isRaised,
  isRaisedInVain,
  isTeardown,
  RAISED_AT_ONCE_MS,
  type RecordedSignal,
  signalsFromT0,
  type Traced,
} from '../kernel-record.ts';
import { targetNoun } from '../plan/terms.ts';
import { programName } from './processes.ts';

/** A sentence of what the kernel saw, at its moment from T0. */
export interface StoryLine {
  readonly atMs: number;
  readonly text: string;
}

/** Signals of one kind within this are one happening. */
const TOGETHER_MS = 50;

interface About {
  readonly observation: Observation;
  readonly trace: Traced;
}

type ExitEvent = KernelEvent & { readonly kind: 'exit' };

/** A signal to one or more processes, or the exit of some, told in one sentence. */
type Happening =
  | {
      readonly kind: 'signal';
      readonly first: RecordedSignal;
      readonly effect: Effect;
      readonly receivers: KernelProcess[];
    }
  | { readonly kind: 'exit'; readonly atMs: number; readonly processes: KernelProcess[] };

/** What came of it. `raised`: its handler raised it again with the default action, which the kernel keeps from PID 1. */
type Effect =
  | 'ignored'
  | 'pending'
  | 'handled'
  | 'raised'
  | 'raisedInVain'
  | 'ended'
  | 'discarded'
  | 'outrun'
  | 'blocked'
  | 'killed';

/**
 * What the kernel recorded from T0 on, told so that one can follow it; empty where it was not asked. Pure.
 *
 * @param cutAtEnd requests that were cut off when the target ended
 */
export function tellStory(observation: Observation, cutAtEnd: number): readonly StoryLine[] {
  const { kernel: trace } = observation;
  if (trace.kind === 'untraced') return [];
  const told = happenings(observation, trace);
  const last = told.findLastIndex((one) => one.kind === 'signal' && one.first.signal === 'SIGKILL');
  return told.map((one, index) =>
    one.kind === 'exit'
      ? { atMs: one.atMs, text: `${list(one.processes, observation, trace)} ended.` }
      : { atMs: one.first.atMs, text: sentence(one, { observation, trace }, index === last ? cutAtEnd : 0) },
  );
}

function happenings(observation: Observation, trace: Traced): readonly Happening[] {
  const told: Happening[] = [];
  const signals = signalsFromT0(observation).filter((event) => !isEcho(event, trace) && !isToTheDying(event));
  const exits = trace.events.filter((event) => event.kind === 'exit' && isWorthTelling(event, observation, trace));
  for (const event of [...signals, ...exits].toSorted((a, b) => a.atMs - b.atMs)) {
    if (event.kind === 'signal') addSignal(told, event, effectOf(event, trace));
    else if (event.kind === 'exit') addExit(told, event);
  }
  return told;
}

function addSignal(told: Happening[], event: RecordedSignal, effect: Effect): void {
  const like = told.find(
    (one) =>
      one.kind === 'signal' &&
      one.effect === effect &&
      one.first.signal === event.signal &&
      one.first.sender.pid === event.sender.pid &&
      one.first.code === event.code &&
      event.atMs - one.first.atMs <= TOGETHER_MS &&
      one.receivers.every(({ pid }) => pid !== event.receiver.pid),
  );
  if (like?.kind === 'signal') like.receivers.push(event.receiver);
  else told.push({ kind: 'signal', first: event, effect, receivers: [event.receiver] });
}

function addExit(told: Happening[], { atMs, process }: ExitEvent): void {
  const last = told.at(-1);
  if (last?.kind === 'exit' && atMs - last.atMs <= TOGETHER_MS) last.processes.push(process);
  else told.push({ kind: 'exit', atMs, processes: [process] });
}

/** A signal raised again at once is told with the one that it repeats. */
function isEcho(event: RecordedSignal, { events }: Traced): boolean {
  if (!isRaised(event)) return false;
  return events.some(
    (one) =>
      one.kind === 'taken' &&
      one.by === 'handler' &&
      one.signal === event.signal &&
      one.process.pid === event.receiver.pid &&
      isSoon(one.atMs, event.atMs),
  );
}

/** The kernel clears a namespace thread by thread: a process that it has killed already may be sent another SIGKILL. */
function isToTheDying(event: RecordedSignal): boolean {
  return isFromKernel(event) && event.signal === 'SIGKILL' && event.result === 'ignored';
}

function isSoon(firstMs: number, thenMs: number): boolean {
  return thenMs >= firstMs && thenMs - firstMs <= RAISED_AT_ONCE_MS;
}

/** An end that no signal explains, of PID 1 or of a process that ran when the stop began or was signalled. */
function isWorthTelling(event: KernelEvent, observation: Observation, { events, pid1 }: Traced): boolean {
  if (event.kind !== 'exit' || event.atMs < 0) return false;
  const { pid } = event.process;
  const ended = events.some((one) => one.kind === 'taken' && one.by === 'default' && one.process.pid === pid);
  const ranBefore = observation.snapshots.some(
    ({ atMs, processes }) => atMs <= 0 && processes.some((process) => process.pid === pid),
  );
  const signalled = signalsFromT0(observation).some(({ receiver }) => receiver.pid === pid);
  return !ended && (pid === pid1 || ranBefore || signalled);
}

/** What came of a signal, as far as the trace tells. */
function effectOf(event: RecordedSignal, trace: Traced): Effect {
  if (event.result === 'ignored') return 'ignored';
  if (event.result !== 'delivered') return 'pending';
  if (event.signal === 'SIGKILL') return 'killed';
  const { pid } = event.receiver;
  const taken = trace.events.filter(
    (one) => one.kind === 'taken' && one.process.pid === pid && one.signal === event.signal && one.atMs >= event.atMs,
  );
  const [first, second] = taken;
  const signals = trace.events.filter((one) => one.kind === 'signal' && one.receiver.pid === pid);
  if (first?.kind !== 'taken') {
    const isKilled = signals.some((one) => one.kind === 'signal' && one.signal === 'SIGKILL' && one.atMs >= event.atMs);
    return isKilled ? 'outrun' : 'blocked';
  }
  const isPid1 = pid === trace.pid1;
  if (first.by === 'default') return isPid1 ? 'discarded' : 'ended';
  if (signals.some((one) => one.kind === 'signal' && isRaisedInVain(one, first.atMs, event.signal)))
    return 'raisedInVain';
  const isRaisedAgain = second?.kind === 'taken' && second.by === 'default' && isSoon(first.atMs, second.atMs);
  if (!isRaisedAgain) return 'handled';
  return isPid1 ? 'raisedInVain' : 'raised';
}

type SignalHappening = Happening & { readonly kind: 'signal' };

const EFFECTS: { readonly [K in Effect]: (it: string, their: string) => string } = {
  ignored: () => ': ignored',
  pending: () => ', where one waited already',
  handled: (_, their) => `: taken by ${their} handler`,
  raised: (it, their) => `: ${their} handler raised it again with the default action, and ${it} died of it`,
  raisedInVain: (_, their) => `: ${their} handler raised it again with the default action, which PID 1 never gets`,
  ended: (it) => `: no handler, and ${it} died of it`,
  discarded: () => ': no handler, and PID 1 never gets the default action',
  outrun: (it) => `: ${it} was killed before ${it} could take it`,
  blocked: (it) => `: ${it} waits for signals, as inits do, or holds them back`,
  killed: () => '',
};

function sentence({ first, effect, receivers }: SignalHappening, about: About, cutAtEnd: number): string {
  const { observation, trace } = about;
  const who = list(receivers, observation, trace);
  const cut = cutAtEnd > 0 ? `, with ${cutAtEnd} request${cutAtEnd === 1 ? '' : 's'} in flight` : '';
  if (isTeardown(first, trace)) return `The kernel then killed ${who}, since PID 1 had ended${cut}.`;
  if (isFromKernel(first)) return `The kernel ${kernelDid(first, observation)} ${who}${cut}.`;
  const noHandler =
    effect === 'ignored' && first.receiver.pid === trace.pid1 ? ', for PID 1 has no handler for it' : '';
  const [it, their] = receivers.length === 1 ? (['it', 'its'] as const) : (['they', 'their'] as const);
  const sender = list([first.sender], observation, trace);
  const to = isRaised(first) ? 'itself' : who;
  return `${sender} sent ${first.signal} to ${to}${EFFECTS[effect](it, their)}${noHandler}${cut}.`;
}

function kernelDid({ signal }: RecordedSignal, { exit, events, plan }: Observation): string {
  if (signal !== 'SIGKILL') return `sent ${signal} to`;
  const outOfMemory = exit.oomKilled || events.some(({ action }) => action === 'oom');
  return outOfMemory ? `had no memory left for the ${targetNoun(plan)}, and killed` : 'killed';
}

/** `sh (PID 1)`, `node and sleep`, `20 sleep processes`. */
function list(processes: readonly KernelProcess[], { snapshots }: Observation, { pid1 }: Traced): string {
  const counts = new Map<string, number>();
  for (const process of processes) {
    const name = `${programOf(process, snapshots)}${process.pid === pid1 ? ' (PID 1)' : ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${count} ${name} processes`));
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** As it was started; the name that the kernel has for it may be its first thread's. */
function programOf({ pid, name }: KernelProcess, snapshots: Observation['snapshots']): string {
  for (const { processes } of snapshots) {
    const found = processes.find((process) => process.pid === pid);
    if (found) return programName(found);
  }
  return name;
}
