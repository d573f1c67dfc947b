import type { ProcessFacts } from '../engines/engine.ts';
import { endsWithProcess, type Judged, type ListenerClose } from '../load/classify.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Observation, ProcessSnapshot } from '../observation.ts';
import type { TerminationRecord } from '../result.ts';
import type { Grounds } from '../verdict.ts';
import { catches, childrenOf, lastSeenAfter, type ProcessRole, roleOf, snapshotBefore } from './processes.ts';
import { listenerClosedBetween } from './sockets.ts';

/** Death by a signal's default action takes no time; what ends later than this did something first. */
const AT_ONCE_MS = 500;

/** What the rules look at: the observation, and what every rule would otherwise work out again. */
export interface Evidence {
  readonly observation: Observation;
  readonly judged: readonly Judged[];
  readonly termination: TerminationRecord;
  readonly grounds: Grounds;
  readonly close: ListenerClose;
  /** PID 1 as it ran before the stop, or, stopped while it started, as it was last seen; null where the engine could not tell. */
  readonly pid1: ProcessFacts | null;
  readonly pid1Role: ProcessRole | null;
  /** Its children then. */
  readonly children: readonly ProcessFacts[];
  /** The process whose handler the signal is meant for: below inits, shells and wrappers. */
  readonly app: ProcessFacts | null;
  /** Whether the app still caught the stop signal after it came: true is a handler of its own; null: not seen. */
  readonly appHandlesSignal: boolean | null;
  /** Requests cut off when the process ended, of those held against it. */
  readonly cutAtEnd: readonly Judged[];
  /** Requests cut off while the process lived on, of those held against it. */
  readonly cutWhileAlive: readonly Judged[];
  /** HTTP status of a ledger's row. */
  readonly statusOf: (row: number) => number;
}

export function gatherEvidence(
  observation: Observation,
  ledger: Ledger,
  judged: readonly Judged[],
  termination: TerminationRecord,
  grounds: Grounds,
  close: ListenerClose,
): Evidence {
  const before = snapshotOfCause(observation);
  const pid1 = before?.processes.find(({ isPid1 }) => isPid1) ?? null;
  const app = before && pid1 ? appBelow(pid1, before.processes) : null;
  const cut = grounds.heldAgainst.filter(({ outcome }) => outcome === 'lost' || outcome === 'truncated');
  const lastAnsweredUs = judged.reduce(
    (last, { outcome, endUs }) => (outcome === 'completed' ? Math.max(last, endUs) : last),
    0,
  );
  const nearEnd = cut.filter(
    (one) =>
      !one.takenToBeCut && (endsWithProcess(observation, one.endUs) || isOnTheWayOut(one, lastAnsweredUs, observation)),
  );
  const earlier = cut.filter((one) => !nearEnd.includes(one));
  // A server that has cut late requests all along has not begun to answer those that came last either.
  const isMoreOfTheSame = nearEnd.every(isLate) && earlier.filter(isLate).length >= nearEnd.length;
  return {
    observation,
    judged,
    termination,
    grounds,
    close,
    pid1,
    pid1Role: pid1 && roleOf(pid1),
    children: before && pid1 ? childrenOf(pid1, before) : [],
    app,
    appHandlesSignal: app && handles(app, observation),
    cutAtEnd: isMoreOfTheSame ? [] : nearEnd,
    cutWhileAlive: isMoreOfTheSame ? cut : earlier,
    statusOf: (row) => ledger.status[row] ?? 0,
  };
}

/** The processes that the stop found; in a start-up the tree still grows, and those that were there last say who stayed. */
function snapshotOfCause(observation: Observation): ProcessSnapshot | null {
  return observation.plan.when === 'ready' ? snapshotBefore(observation) : (observation.snapshots.at(-1) ?? null);
}

/** Whether it was cut by an app that answered nothing more and was gone soon: on a busy machine an exit takes a while. */
function isOnTheWayOut({ phase, endUs }: Judged, lastAnsweredUs: number, { exit, t0Us }: Observation): boolean {
  const endedAtMs = exit.processEndedAtMs ?? exit.atMs;
  const isSoon = endedAtMs !== null && endedAtMs - (endUs - t0Us) / 1000 <= AT_ONCE_MS;
  return phase === 'inFlight' && endUs > lastAnsweredUs && isSoon;
}

/** Whether the app took it after the signal: it was written after that, or taken only to be cut. */
export function isLate({ phase, takenToBeCut }: Judged): boolean {
  return phase === 'after' || takenToBeCut;
}

/** Follows the tree down while it is an init, a shell or a wrapper that runs something; the first child counts. */
function appBelow(process: ProcessFacts, processes: readonly ProcessFacts[]): ProcessFacts {
  const child = roleOf(process) === 'app' ? undefined : processes.find(({ ppid }) => ppid === process.pid);
  return child ? appBelow(child, processes) : process;
}

/** Masks from after the signal: Node and others catch SIGTERM by themselves, and let go of it when it comes. */
function handles(app: ProcessFacts, observation: Observation): boolean | null {
  const { stopSignal } = observation.target;
  const after = catches(lastSeenAfter(app.pid, observation), stopSignal);
  return after ?? (catches(app, stopSignal) === false ? false : null);
}

/** Requests, or jobs, from before the signal that were not done when the process ended. */
export function openFromBefore({ judged, cutAtEnd, grounds, observation }: Evidence): number {
  const cut = new Set(cutAtEnd.map(({ row }) => row));
  const jobs = grounds.lostJobs.length - lostAfterSignal({ grounds, observation }).length;
  return judged.filter(({ row, phase }) => phase === 'inFlight' && cut.has(row)).length + jobs;
}

/** Lost jobs that were begun after the signal. */
export function lostAfterSignal({
  grounds,
  observation,
}: Pick<Evidence, 'grounds' | 'observation'>): Grounds['lostJobs'] {
  return grounds.lostJobs.filter(({ startedAt }) => startedAt.atMs > observation.signalByMs);
}

/** Requests, or jobs, that the process took with it when it ended. */
export function lostWithIt({ cutAtEnd, grounds }: Pick<Evidence, 'cutAtEnd' | 'grounds'>): number {
  return cutAtEnd.length + grounds.lostJobs.length;
}

/** Whether a process caught the stop signal before it came. */
export function isCaughtBy(process: ProcessFacts | null, { observation }: Evidence): boolean {
  return process !== null && catches(process, observation.target.stopSignal) === true;
}

/** When the listener had closed: as the load found, or as was seen in the target; null where neither saw it. */
export function closedByMs({ close, observation }: Evidence): number | null {
  if (close.firstRefusedUs !== null) return (close.firstRefusedUs - observation.t0Us) / 1000;
  return listenerClosedBetween(observation)?.byMs ?? null;
}

/** When PID 1 was first seen with a handler that it had lacked about the signal; null where that was not seen. */
export function handlerAtMs({ pid1, observation }: Pick<Evidence, 'pid1' | 'observation'>): number | null {
  const caught = observation.snapshots.flatMap(({ atMs, processes }) => {
    const caughtThen = catches(
      processes.find(({ pid }) => pid === pid1?.pid),
      observation.target.stopSignal,
    );
    return caughtThen === null ? [] : [{ atMs, caughtThen }];
  });
  const lacking = caught.findIndex(({ caughtThen }) => !caughtThen);
  const later = lacking < 0 ? undefined : caught.slice(lacking).find(({ caughtThen }) => caughtThen);
  return later?.atMs ?? null;
}

/** Whether the listener was closed long before the end: then the signal did reach the app. */
export function hasClosedEarly(evidence: Evidence): boolean {
  const closedMs = closedByMs(evidence);
  const { exitedAtMs } = evidence.termination;
  return closedMs !== null && exitedAtMs !== null && closedMs < exitedAtMs - AT_ONCE_MS;
}

/** Whether the end came so soon after the signal that nothing was done first. */
export function wasAtOnce({ termination, observation }: Evidence): boolean {
  return (termination.exitedAtMs ?? Infinity) - observation.signalByMs < AT_ONCE_MS;
}
