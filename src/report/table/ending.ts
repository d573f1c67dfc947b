import { stopSignalledAtMs, tookSignal } from '../../kernel-record.ts';
import { snapshotBefore } from '../../diagnosis/processes.ts';
import { listenerClosedBetween, openAtEnd, type OpenConnections } from '../../diagnosis/sockets.ts';
import { isAnswered, OUTCOMES, type OutcomeCounts } from '../../load/outcomes.ts';
import type { SidecarFacts } from '../../observation.ts';
import type { ProcessRecord, RunRecord, SignalRecord } from '../../result.ts';
import { targetNoun } from '../../plan/terms.ts';
import { exitCodeOf } from '../../signals.ts';
import { listenerClosedAtMs } from '../../termination/listener-close.ts';
import { isOfTheStop } from '../../termination/record.ts';
import { leftText } from './attached.ts';
import { type Look, heading } from '../look.ts';
import { cut, harmless, paragraph, period, plural, time, whole } from '../text.ts';
import { inFlightTotals, signalsOf } from '../totals.ts';

/** Columns for a command, so that what follows stands in one line where it can. */
const COMMAND_WIDTH = 40;
/** So many ends of the target's own connections are named. */
const MAX_PEERS = 5;

const SENDERS = {
  engine: 'by the engine',
  harness: 'by shutdown-check',
  kernel: 'by the kernel',
  other: 'by somebody else',
} as const;

const SEEN_IN = { container: 'in the container', command: 'in the sockets of the command' } as const;

const UNREAD = {
  container:
    'The processes could not be read: not by the engine, not on this machine, and not from a container beside it.',
  command: 'The processes could not be read from /proc.',
} as const;

/** Which signals came, and how it ended. */
export function endingLines(run: RunRecord, look: Look): readonly string[] {
  const { termination, requests } = run;
  const closedAtMs = listenerClosedAtMs(termination);
  const facts = [
    ...signalsOf(run).map((signal) => describeSignal(signal, run)),
    exitText(run),
    ...leftText(run),
    ...(closedAtMs === null ? [] : [`New connections refused from ${time(closedAtMs)} on.`]),
    ...socketTexts(run),
    ...(termination.drainMs === null
      ? []
      : [
          `Drain: the last of ${inFlightTotals(requests).all} in flight at the signal was ${endedHow(requests.byPhase.inFlight)} after ${time(termination.drainMs)}.`,
        ]),
    ...termination.sidecars.toReversed().map(sidecarText),
  ];
  return [heading(look, 'Signals and exit'), ...facts.map((fact) => paragraph(fact, look.width, '  '))];
}

/** What became of those in flight, as far as it was the same of all. */
function endedHow(counts: OutcomeCounts): string {
  const kinds = OUTCOMES.filter((outcome) => counts[outcome] > 0);
  if (kinds.every(isAnswered)) return 'answered';
  return kinds.some(isAnswered) ? 'answered or cut off' : 'cut off';
}

/** In the order in which they are stopped. */
function sidecarText({ name, signal, signalledAtMs, endedAtMs, exitCode, sigkillFired }: SidecarFacts): string {
  const end = `exit code ${exitCode ?? 'unknown'}${endedAtMs === null ? '' : ` at ${time(endedAtMs)}`}`;
  if (signalledAtMs === null) return `Sidecar ${harmless(name)}: ended by itself before its turn, ${end}.`;
  return `Sidecar ${harmless(name)}: ${signal} at ${time(signalledAtMs)}, ${sigkillFired ? 'then SIGKILL, ' : ''}${end}.`;
}

/** When the listener closed, and what was open at a forced end, as seen in the target. */
function socketTexts({ observation, termination, plan }: RunRecord): readonly string[] {
  const closed = listenerClosedBetween(observation);
  // A reading from before the signal leaves open what cannot be: that the app closed its listener before it was told to, where no hook may have done that.
  const notBeforeMs = plan.resolved.preStop === null ? (stopSignalledAtMs(observation) ?? -Infinity) : -Infinity;
  const fromMs = closed && Math.max(closed.fromMs, Math.min(notBeforeMs, closed.byMs));
  const open = openAtEnd(observation, termination.sigkillFired === true);
  return [
    ...(closed === null || fromMs === null
      ? []
      : [
          `Listener closed between ${time(fromMs)} and ${time(closed.byMs)} (seen ${SEEN_IN[targetNoun(plan.resolved)]}).`,
        ]),
    ...(open === null ? [] : [openText(open)]),
  ];
}

function openText({ port, inbound, outbound }: OpenConnections): string {
  const parts = [
    ...(inbound > 0 ? [{ count: inbound, to: `port ${port}` }] : []),
    ...outbound.slice(0, MAX_PEERS).map(({ peer, count }) => ({ count, to: peer })),
  ].map(({ count, to }, index) => `${index === 0 ? plural(count, 'connection') : whole(count)} to ${to}`);
  const more = outbound.length > MAX_PEERS ? [`and to ${whole(outbound.length - MAX_PEERS)} others`] : [];
  return parts.length === 0
    ? 'No connection was open at the end.'
    : `Open at the end: ${[...parts, ...more].join(', ')}.`;
}

function describeSignal({ signal, atMs, sender }: SignalRecord, { termination, plan }: RunRecord): string {
  const what = `${signal} at ${time(atMs)} ${SENDERS[sender]}`;
  if (signal !== 'SIGKILL' || !isOfTheStop(sender) || termination.sigkillFired !== true) return `${what}.`;
  const seen = termination.sigkillEvidence === 'inferred' ? ' (inferred from exit code and time)' : '';
  const least =
    plan.profile === 'kubernetes' && isOvertime(atMs, plan.graceMs)
      ? ' and the 2 s that the kubelet leaves at least'
      : '';
  return `${what}, after the grace period of ${period(plan.graceMs)}${least}${seen}.`;
}

/** preStop had used up what there was. */
function isOvertime(killedAtMs: number, graceMs: number): boolean {
  return killedAtMs > graceMs + 500;
}

function exitText({ termination }: RunRecord): string {
  const at = termination.exitedAtMs === null ? '' : ` at ${time(termination.exitedAtMs)}`;
  const memory = memoryText(termination);
  const unsure = termination.sigkillFired === null ? ' Whether SIGKILL fired could not be told.' : '';
  return `Exit code ${termination.exitCode ?? 'unknown'}${at}.${memory}${unsure}`;
}

/** The engine says so of a container that lost any process for it, at any time. */
function memoryText({ oomKilled, exitCode }: RunRecord['termination']): string {
  if (!oomKilled) return '';
  return ` The kernel killed ${exitCode === exitCodeOf('SIGKILL') ? 'it' : 'a process of it'} for want of memory.`;
}

/** The processes of the target as they were at the signal, each under its parent. */
export function processLines(run: RunRecord, look: Look): readonly string[] {
  const missing = missingText(run);
  const told = missing === null ? [] : [paragraph(missing, look.width, '  ')];
  const lines = [...treeLines(run, look), ...told];
  return lines.length === 0 ? [] : [heading(look, 'Processes'), ...lines];
}

/** What is not known of the processes, and why; null where nothing is missing. */
export function missingText({ processes, observation, plan }: RunRecord): string | null {
  if (processes.length + observation.snapshots.length === 0) return UNREAD[targetNoun(plan.resolved)];
  const { withoutMasksBecause } = snapshotBefore(observation) ?? {};
  return withoutMasksBecause === undefined ? null : `Signal masks could not be read: ${withoutMasksBecause}.`;
}

function treeLines(run: RunRecord, look: Look): readonly string[] {
  return treeOf(run.processes).map(({ process, depth }) => {
    const left = `  ${process.isPid1 ? 'PID 1' : '     '}  ${'  '.repeat(depth)}`;
    const right = `catches ${run.target.stopSignal}: ${catches(process, run)}${gone(process)}`;
    const room = Math.max(20, look.width - left.length - right.length - 2);
    const command = cut(harmless(process.command), room);
    return `${left}${command.padEnd(Math.min(room, COMMAND_WIDTH - 2 * depth))}  ${right}`;
  });
}

function gone({ goneByMs }: ProcessRecord): string {
  return goneByMs === null ? '' : `; gone by ${time(goneByMs)}`;
}

/** Whether it catches the stop signal: before it came, and after. */
export function catches(process: ProcessRecord, run: RunRecord): string {
  const { catchesBefore, catchesAfter, otherwise } = process;
  const word = (caught: boolean): string => (caught ? 'yes' : 'no');
  if (catchesBefore === null) return 'unknown';
  if (otherwise !== null) return `no, ${otherwise} ${otherwise === 'waits' ? 'for ' : ''}it`;
  if (catchesAfter === null || catchesAfter === catchesBefore) return word(catchesBefore);
  if (catchesBefore && handledIt(process, run)) return 'yes, once';
  return `${word(catchesBefore)}, then ${word(catchesAfter)}`;
}

/** Whether a handler that is gone again has done its part: `process.once` takes it away when the signal comes. */
function handledIt({ pid }: ProcessRecord, { observation, termination }: RunRecord): boolean {
  const taking = tookSignal(observation, pid);
  return taking === 'handler' || (taking === null && listenerClosedAtMs(termination) !== null);
}

/** Each process under its parent. */
export function treeOf(processes: readonly ProcessRecord[]): readonly { process: ProcessRecord; depth: number }[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  const under = (process: ProcessRecord, depth: number): { process: ProcessRecord; depth: number }[] => [
    { process, depth },
    ...processes
      .filter(({ ppid, pid }) => ppid === process.pid && pid !== ppid)
      .flatMap((child) => under(child, depth + 1)),
  ];
  return processes.filter(({ ppid }) => !pids.has(ppid)).flatMap((root) => under(root, 0));
}
