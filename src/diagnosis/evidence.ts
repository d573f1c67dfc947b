import type { ProcessFacts } from '../engines/engine.ts';
import { endsWithProcess, type Judged } from '../load/classify.ts';
import type { ListenerClose } from '../load/listener.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Observation, ProcessSnapshot } from '../observation.ts';
import type { TerminationRecord } from '../result.ts';
import type { Grounds } from '../verdict.ts';
import { killedFromInside, type Killer, signalInPlace, stopSignalsTo, tookSignal } from '../kernel-record.ts';
import {
  catches,
  chainToApp,
  childrenOf,
  isSupervisor,
  lastSeenAfter,
  type ProcessRole,
  roleOf,
  snapshotBefore,
  workersOf,
} from './processes.ts';
import { rewrittenBy } from './rewrite.ts';
import { AT_ONCE_MS, hasClosedEarly } from './timing.ts';
import { endsWithOneOf, isTornDown } from './who-left-first.ts';

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
  /** What stands between PID 1 and the app, from the outside in: shells and wrappers, mostly. */
  readonly between: readonly ProcessFacts[];
  /** How many times the app got the stop signal; null where the kernel did not tell. */
  readonly signalsToApp: number | null;
  /** What it got in the stop signal's place, from whoever is in front of it; null where nothing, or that is not known. */
  readonly signalInPlace: string | null;
  /** Whether PID 1 ended first, and the kernel then killed what served; null where that is not known. */
  readonly tornDown: boolean | null;
  /** Whether the app still caught the stop signal after it came: true is a handler of its own; null: not seen. */
  readonly appHandlesSignal: boolean | null;
  /** Requests cut off when the container, or what serves in it, ended, of those held against it. */
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
  const chain = before && pid1 ? chainToApp(pid1, before) : [];
  const app = chain.at(-1) ?? null;
  const workers = before && app ? workersOf(app, before) : [];
  const cut = grounds.heldAgainst.filter(({ outcome }) => outcome === 'lost' || outcome === 'truncated');
  const lastAnsweredUs = judged.reduce(
    (last, { outcome, endUs }) => (outcome === 'completed' ? Math.max(last, endUs) : last),
    0,
  );
  const nearEnd = cut.filter(
    (one) =>
      !one.takenToBeCut &&
      (endsWithProcess(observation, one.endUs) ||
        (app !== null && endsWithOneOf([app, ...workers], observation, one)) ||
        isOnTheWayOut(one, lastAnsweredUs, observation)),
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
    between: chain.slice(1, -1),
    signalsToApp: app && countSignals(observation, app.pid),
    signalInPlace: app && inPlaceOfStop(app, chain.slice(0, -1), observation),
    tornDown: isTornDown(chain, workers, observation),
    appHandlesSignal: app && handles(app, observation, hasClosedEarly({ close, observation, termination })),
    cutAtEnd: isMoreOfTheSame ? [] : nearEnd,
    cutWhileAlive: isMoreOfTheSame ? cut : earlier,
    statusOf: (row) => ledger.status[row] ?? 0,
  };
}

/** As the kernel saw it, else as the command line of an init above has it. */
function inPlaceOfStop(app: ProcessFacts, above: readonly ProcessFacts[], observation: Observation): string | null {
  if (observation.kernel.kind === 'traced') return signalInPlace(observation, app.pid);
  return rewrittenBy(above, observation.target.stopSignal)?.signal ?? null;
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

/**
 * By the kernel, or by masks from after the signal: Node and others catch SIGTERM by themselves, and let go of it when it
 * comes. So does a handler for a single time (`process.once`), of which the closed listener tells.
 */
function handles(app: ProcessFacts, observation: Observation, closedEarly: boolean): boolean | null {
  const { stopSignal } = observation.target;
  const taking = tookSignal(observation, app.pid);
  if (taking === 'default' || taking === 'handler') return taking === 'handler';
  const after = catches(lastSeenAfter(app.pid, observation), stopSignal);
  if (after === false && closedEarly) return true;
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

/**
 * Whether the stop signal reached the app; null where that is not known. Masks do not tell: a handler that is still
 * there may never have been called.
 */
export function hasReachedApp(evidence: Evidence): boolean | null {
  const { app, signalsToApp, pid1, pid1Role, between, observation } = evidence;
  // A supervisor passes it on as a signal of its own choice.
  const isSupervised = pid1 !== null && isSupervisor(pid1) && between.length === 0;
  if (app?.isPid1 === true || isSupervised || hasClosedEarly(evidence)) return true;
  if (signalsToApp !== null) return signalsToApp > 0;
  const above = pid1 === null ? between : [pid1, ...between];
  if (rewrittenBy(above, observation.target.stopSignal) !== null) return false;
  return pid1Role === 'init' && between.length === 0 ? true : null;
}

/** Who of the container's own processes ended the app by SIGKILL; null where nobody did, or the kernel did not tell. */
export function killerInside({ app, observation }: Pick<Evidence, 'app' | 'observation'>): Killer | null {
  return app && killedFromInside(observation, app.pid);
}

/** One that came while another was pending became one with it. Where records were lost, none is no answer. */
function countSignals(observation: Observation, pid: number): number | null {
  const signals = stopSignalsTo(observation, pid)?.filter(({ result }) => result !== 'pending');
  if (!signals || observation.kernel.kind === 'untraced') return null;
  return signals.length === 0 && observation.kernel.lost > 0 ? null : signals.length;
}

/** Whether a process caught the stop signal before it came. */
export function isCaughtBy(process: ProcessFacts | null, { observation }: Evidence): boolean {
  return process !== null && catches(process, observation.target.stopSignal) === true;
}
