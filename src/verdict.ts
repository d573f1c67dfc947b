import type { Job, JudgedJobs } from './jobs.ts';
import { blindMs } from './load/blind.ts';
import { apartAllowed, beyond, type Over } from './limits.ts';
import type { Judged } from './load/classify.ts';
import { isRejecting } from './load/outcomes.ts';
import type { Observation, TimedHold, TimedParked } from './observation.ts';
import type { RequestsRecord, TerminationRecord, Verdict } from './result.ts';
import { canBeHandled, exitCodeOf } from './signals.ts';

/** More failed requests than this part before the signal, and what failed after it says nothing. */
export const UNHEALTHY_SHARE = 0.001;
/** More ambiguous requests than this part of those taken after T0, or any in flight, and a pass would be a guess. */
const AMBIGUOUS_SHARE = 0.01;
/** Limits of the harness: later than this at the 99th percentile, or more faults than this part, and it says so. */
const MAX_LATENESS_P99_MS = 500;
const MAX_FAULT_SHARE = 0.001;

/** A request that was written so shortly before the signal may have reached an app that knew of it already. */
const ON_ITS_WAY_MS = 20;

/** Why a run is not a pass, as the verdict sees it; the words for it are elsewhere. */
export interface Grounds {
  readonly verdict: Verdict;
  readonly sigkill: boolean;
  readonly badExitCode: boolean;
  /** The requests that the verdict holds against the target; empty where they do not count. */
  readonly heldAgainst: readonly Judged[];
  /** Requests that were turned away and would be among them, were so many not allowed. */
  readonly allowedRejected: readonly Judged[];
  /** The user's limits that it went beyond. */
  readonly over: readonly Over[];
  /** When it was gone, from T0, where traffic was still routed to it; else null. */
  readonly goneWhileRoutedMs: number | null;
  /** Held connections that were cut from T0 on. */
  readonly heldCut: readonly TimedHold[];
  /** Parked requests that the app had whole, and cut or answered as it never did before. */
  readonly parkedFailed: readonly TimedParked[];
  /** Jobs that were started and never finished. */
  readonly lostJobs: readonly Job[];
  /** Requests before T0 that failed. */
  readonly failedBefore: readonly Judged[];
  readonly unhealthy: boolean;
  readonly nothingInFlight: boolean;
  /** Neither requests were sent nor jobs watched for. */
  readonly nothingWatched: boolean;
  /** It was to be stopped while it started, and was ready by then. */
  readonly readyBeforeSignal: boolean;
  readonly tooAmbiguous: boolean;
  readonly harnessLimit: boolean;
  readonly heldEndedEarly: boolean;
  /** For how long of the stop the load stood still, where that is most of it, milliseconds; else null. */
  readonly blindMs: number | null;
}

/** The verdict follows from what happened to the requests, to the jobs and to the process, and from nothing else. Pure. */
export function decide(
  observation: Observation,
  judged: readonly Judged[],
  jobs: JudgedJobs | null,
  termination: TerminationRecord,
  { inFlightAtSignal, latencyMs }: Pick<RequestsRecord, 'inFlightAtSignal' | 'latencyMs'>,
): Grounds {
  const before = judged.filter(({ phase }) => phase === 'before');
  const failedBefore = before.filter((one) => one.outcome !== 'completed' && one.race === null);
  const unhealthy = failedBefore.length > before.length * UNHEALTHY_SHARE;
  const held = unhealthy ? [] : judged.filter((one) => isHeldAgainst(one, observation));
  const { heldAgainst, allowed } = apartAllowed(held, observation.plan.limits);
  const over = beyond(observation.plan.limits, { ...termination, latencyMs, unhealthy });
  const sigkill = termination.sigkillFired === true;
  const badExitCode = !isAccepted(termination.exitCode, observation);
  const blind = blindMs(judged, observation);
  const doubts = {
    unhealthy,
    ...nothingSeen(observation, judged, jobs, inFlightAtSignal),
    tooAmbiguous: isTooAmbiguous(judged),
    harnessLimit: isPastItsLimits(observation, judged.length) || blind !== null,
    heldEndedEarly: endedEarly(observation).length > 0,
  };
  const heldCut = observation.holds.filter(({ ending, endedAtMs }) => ending === 'cut' && (endedAtMs ?? 0) >= 0);
  const parkedFailed = observation.parking.requests.filter((one) => hasFailed(one, observation));
  const lostJobs = jobs?.lost ?? [];
  const lost = heldAgainst.length + heldCut.length + parkedFailed.length + lostJobs.length;
  const goneWhileRouted = goneWhileRoutedMs(observation);
  const failed = sigkill || badExitCode || lost > 0 || goneWhileRouted !== null || over.length > 0;
  const verdict = failed ? 'fail' : Object.values(doubts).includes(true) ? 'inconclusive' : 'pass';
  const losses = { heldAgainst, goneWhileRoutedMs: goneWhileRouted, heldCut, parkedFailed, lostJobs };
  return {
    verdict,
    sigkill,
    badExitCode,
    ...losses,
    allowedRejected: allowed,
    over,
    failedBefore,
    blindMs: blind,
    ...doubts,
  };
}

/**
 * When the target was gone, from T0, where requests were still led to it. None of ours was sent there any more, and how many
 * met its closed listener before is chance: whoever is led to it after its end finds nobody.
 */
function goneWhileRoutedMs({ plan, exit }: Observation): number | null {
  const isAsked = plan.load.kind === 'requests' && plan.when === 'ready';
  return isAsked && exit.atMs !== null && exit.atMs < plan.routingLagMs ? exit.atMs : null;
}

/**
 * Whether the run had nothing to judge the stop by. In a start-up nothing is under way, and how it ends is all there is:
 * but only where the app could be asked whether it was in its start-up.
 */
function nothingSeen(
  observation: Observation,
  judged: readonly Judged[],
  jobs: JudgedJobs | null,
  inFlightAtSignal: number,
): Pick<Grounds, 'nothingInFlight' | 'nothingWatched' | 'readyBeforeSignal'> {
  const { plan, becameReadyAtMs } = observation;
  const nothingWatched = plan.load.kind === 'none' && jobs === null;
  if (plan.when !== 'ready') {
    const readyBeforeSignal = becameReadyAtMs !== null && becameReadyAtMs <= 0;
    return { nothingInFlight: false, nothingWatched, readyBeforeSignal };
  }
  const underWay = jobs
    ? Math.max(jobs.underWayAtSignal, jobsAtT0(observation, jobs))
    : Math.max(inFlightAtSignal, openAtT0(observation, judged));
  const nothingInFlight = !nothingWatched && underWay === 0 && !wasParkedAcross(observation);
  return { nothingInFlight, nothingWatched, readyBeforeSignal: false };
}

/**
 * Requests that were open when a pod's stop began. By the signal preStop may have let all of them end, with the routing over:
 * that is what it is for.
 */
function openAtT0({ plan, t0Us }: Observation, judged: readonly Judged[]): number {
  if (plan.profile === 'docker') return 0;
  return judged.filter(({ sentUs, endUs }) => sentUs <= t0Us + ON_ITS_WAY_MS * 1000 && endUs > t0Us).length;
}

/** The same of jobs. */
function jobsAtT0({ plan }: Observation, { all }: JudgedJobs): number {
  if (plan.profile === 'docker') return 0;
  return all.filter(({ startedAt, endedAt }) => startedAt.atMs <= 0 && (endedAt === null || endedAt.atMs > 0)).length;
}

/** Whether a request that had begun before the signal was open when it came, and was finished and served after it. */
function wasParkedAcross(observation: Observation): boolean {
  const { parking, signalByMs } = observation;
  return parking.requests.some((one) => isServed(one, observation) && (one.wholeAtMs ?? 0) > signalByMs);
}

/** Whether a parked request was answered as one was in the warm-up, or as the plan expects. */
export function isServed({ ending, status }: TimedParked, { parking, plan }: Observation): boolean {
  if (ending !== 'answered' || status === null) return false;
  return plan.load.expectStatus?.includes(status) ?? status === parking.expectedStatus;
}

/** An app that turns away what comes whole only after the signal does no wrong. */
function hasFailed(one: TimedParked, observation: Observation): boolean {
  if (one.ending === 'cut') return true;
  const isTurnedAway = one.status !== null && isRejecting(one.status);
  return one.ending === 'answered' && one.wholeAtMs !== null && !isTurnedAway && !isServed(one, observation);
}

/** Held connections that were gone before the stop began, and so were not held across it. */
export function endedEarly({ holds }: Observation): readonly TimedHold[] {
  return holds.filter(({ endedAtMs }) => endedAtMs !== null && endedAtMs < 0);
}

function isHeldAgainst(one: Judged, observation: Observation): boolean {
  const { plan } = observation;
  if (one.phase === 'before') return false;
  switch (one.outcome) {
    case 'truncated':
    case 'timedOut':
    case 'badStatus':
      return true;
    case 'lost':
      return one.race === null || plan.strictUnread;
    case 'refused':
      return one.routed;
    case 'rejected':
      return (one.routed || isFromBeforeSignal(one, observation)) && !isReadiness(one, plan);
    default:
      return false;
  }
}

/**
 * What was sent within the signal's interval may have come after the signal, and be turned away rightly. Of what a pod turned
 * away before its signal, only what it had when its stop began is meant: what came later is judged by the routing.
 */
function isFromBeforeSignal({ phase, sentUs }: Judged, { t0Us, signalFromMs }: Observation): boolean {
  if (phase === 'preStop') return sentUs < t0Us;
  return phase === 'inFlight' && sentUs < t0Us + Math.max(0, signalFromMs - ON_ITS_WAY_MS) * 1000;
}

/** A path of its own for readiness is meant to turn to 503 when the drain begins. */
function isReadiness({ kind }: Judged, { load, readyPath, readyPort }: Observation['plan']): boolean {
  if (readyPort !== null) return false;
  return load.requests[kind]?.path === readyPath && readyPath !== load.requests[0]?.path;
}

/** Whether the exit code is one of those that the plan accepts. An unknown one is accepted: nothing was seen. */
function isAccepted(exitCode: number | null, observation: Observation): boolean {
  return exitCode === null || acceptedExitCodes(observation).includes(exitCode);
}

/** As asked, or 0 and 128 + the stop signal's number, but for a signal that leaves a program no choice. */
export function acceptedExitCodes({
  plan,
  target,
}: {
  readonly plan: Pick<Observation['plan'], 'acceptExitCodes'>;
  readonly target: Pick<Observation['target'], 'stopSignal'>;
}): readonly number[] {
  const died = canBeHandled(target.stopSignal) ? exitCodeOf(target.stopSignal) : null;
  return plan.acceptExitCodes ?? (died === null ? [0] : [0, died]);
}

function isTooAmbiguous(judged: readonly Judged[]): boolean {
  // Refusals are many where a target takes long to end, and say nothing of what was taken.
  const taken = judged.filter(({ phase, outcome }) => phase !== 'before' && outcome !== 'refused');
  const ambiguous = taken.filter(({ outcome }) => outcome === 'ambiguous');
  return ambiguous.some(({ phase }) => phase === 'inFlight') || ambiguous.length > taken.length * AMBIGUOUS_SHARE;
}

/** Whether the harness could not do its own part. */
export function isPastItsLimits({ harness }: Pick<Observation, 'harness'>, sent: number): boolean {
  return harness.latenessMs.p99 > MAX_LATENESS_P99_MS || harness.faults > sent * MAX_FAULT_SHARE;
}
