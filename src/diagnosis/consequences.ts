import type { Judged } from '../load/classify.ts';
import { percentile } from '../load/percentile.ts';
import type { TimedHold } from '../observation.ts';
import { targetNoun } from '../plan/terms.ts';
import { acceptedExitCodes, endedEarly } from '../verdict.ts';
import { exitCodeOf } from '../signals.ts';
import { type Evidence, isLate, lostAfterSignal } from './evidence.ts';
import type { Finding } from './finding.ts';
import { say } from './say.ts';
import {
  isTurnedAwayWhileRouted,
  preStopFailed,
  readinessStayedUp,
  refusedWhileRouted,
  sidecarKilled,
} from './sequence.ts';

/** What followed, and what the run is worth: any number of findings. */
export function findConsequences(evidence: Evidence): readonly Finding[] {
  return [
    inFlightLost(evidence),
    lateLost(evidence),
    jobsLost(evidence),
    refusedWhileRouted(evidence),
    rejectedInFlight(evidence),
    failedWhileDraining(evidence),
    heldCut(evidence),
    parkedFailed(evidence),
    preStopFailed(evidence),
    readinessStayedUp(evidence),
    sidecarKilled(evidence),
    unexpectedExitCode(evidence),
    ...overBudget(evidence),
    rejectedAsAllowed(evidence),
    races(evidence, 'keepalive'),
    races(evidence, 'backlog'),
    ...doubts(evidence),
  ].filter((finding) => finding !== null);
}

/** Cut off at the end, whenever sent, or sent before the signal and cut off while the process lived. */
function inFlightLost({ cutAtEnd, cutWhileAlive, observation: { t0Us } }: Evidence): Finding | null {
  const cut = [...cutAtEnd, ...cutWhileAlive.filter((one) => !isLate(one))];
  if (cut.length === 0) return null;
  return say('error', 'IN_FLIGHT_LOST', {
    lost: cut.filter(({ outcome }) => outcome === 'lost').length,
    truncated: cut.filter(({ outcome }) => outcome === 'truncated').length,
    read: cut.filter(({ outcome, read }) => outcome === 'truncated' || read === 'read').length,
    cutAtMs: cut.map(({ endUs }) => (endUs - t0Us) / 1000),
  });
}

function lateLost({ cutWhileAlive, observation }: Evidence): Finding | null {
  const late = cutWhileAlive.filter(isLate);
  return late.length === 0
    ? null
    : say('error', 'LATE_LOST', { lost: late.length, signal: observation.target.stopSignal });
}

function jobsLost({ grounds, observation, pid1Role, appHandlesSignal }: Evidence): Finding | null {
  const lost = grounds.lostJobs;
  if (lost.length === 0) return null;
  return say('error', 'JOBS_LOST', {
    lost: lost.length,
    names: lost.flatMap(({ name }) => (name === null ? [] : [name])),
    startedAtMs: lost.map(({ startedAt }) => startedAt.atMs),
    afterSignal: lostAfterSignal({ grounds, observation }).length,
    learned: pid1Role === 'app' && appHandlesSignal === true,
    signal: observation.target.stopSignal,
  });
}

function rejectedInFlight({ grounds, observation }: Evidence): Finding | null {
  const rejected = withOutcome(grounds.heldAgainst, 'rejected').filter((one) => !isTurnedAwayWhileRouted(one));
  return rejected.length === 0
    ? null
    : say('error', 'REJECTED_IN_FLIGHT', { rejected: rejected.length, ...allowedOf(observation), isAllowed: false });
}

/** What is allowed is told all the same: somebody was turned away. */
function rejectedAsAllowed({ grounds, observation }: Evidence): Finding | null {
  const rejected = grounds.allowedRejected.length;
  return rejected === 0
    ? null
    : say('info', 'REJECTED_IN_FLIGHT', { rejected, ...allowedOf(observation), isAllowed: true });
}

function allowedOf({ plan }: Evidence['observation']): { readonly allowed: number } {
  return { allowed: plan.limits.rejected };
}

function overBudget({ grounds }: Evidence): readonly Finding[] {
  return grounds.over.map((over) => say('error', 'OVER_BUDGET', { ...over }));
}

function failedWhileDraining({ grounds, statusOf }: Evidence): Finding | null {
  const bad = withOutcome(grounds.heldAgainst, 'badStatus');
  const timedOut = withOutcome(grounds.heldAgainst, 'timedOut');
  if (bad.length + timedOut.length === 0) return null;
  return say('error', 'FAILED_WHILE_DRAINING', {
    badStatus: bad.length,
    timedOut: timedOut.length,
    statuses: [...new Set(bad.map(({ row }) => statusOf(row)))].sort((a, b) => a - b),
  });
}

function heldCut({ grounds }: Evidence): Finding | null {
  const { heldCut: cut } = grounds;
  if (cut.length === 0) return null;
  return say('error', 'HELD_CUT', {
    held: cut.map(nameOf),
    streams: cut.some(({ kind }) => kind === 'sse'),
    webSockets: cut.some(({ kind }) => kind === 'ws'),
  });
}

function parkedFailed({ grounds, observation }: Evidence): Finding | null {
  const failed = grounds.parkedFailed;
  if (failed.length === 0) return null;
  return say('error', 'PARKED_LOST', {
    cut: failed.filter(({ ending }) => ending === 'cut').length,
    statuses: failed.flatMap(({ ending, status }) => (ending === 'cut' || status === null ? [] : [status])),
    of: observation.parking.requests.length,
  });
}

function unexpectedExitCode(evidence: Evidence): Finding | null {
  const { grounds, termination, observation } = evidence;
  if (!grounds.badExitCode || grounds.sigkill || termination.exitCode === null) return null;
  return say('error', 'UNEXPECTED_EXIT_CODE', {
    exitCode: termination.exitCode,
    accepted: acceptedExitCodes(observation),
    because: whyKilled(evidence),
    nothingLost: countLost(grounds) === 0 && !grounds.unhealthy,
  });
}

function countLost({ heldAgainst, heldCut, parkedFailed, lostJobs }: Evidence['grounds']): number {
  return heldAgainst.length + heldCut.length + parkedFailed.length + lostJobs.length;
}

/** Of a 137 that no SIGKILL of the stop's explains. */
const KILLED_OTHERWISE = {
  container: 'The engine sent no SIGKILL: the app exited with 137 by itself, or was killed from inside the container.',
  command:
    'shutdown-check sent no SIGKILL: the app exited with 137 by itself, or was killed by somebody else, or by the kernel for want of memory.',
} as const;

/** 137 looks like the stop's own SIGKILL; where it is not, the finding says whose it was. */
function whyKilled({ termination, observation }: Evidence): string | null {
  if (termination.exitCode !== exitCodeOf('SIGKILL')) return null;
  if (observation.target.stopSignal === 'SIGKILL') return 'SIGKILL was the stop signal itself.';
  if (termination.oomKilled) return null;
  const other = termination.signals.find(({ signal, sender }) => signal === 'SIGKILL' && sender === 'other');
  if (other) return 'Somebody else sent SIGKILL through the engine before the grace period was over (`docker kill`).';
  return KILLED_OTHERWISE[targetNoun(observation.plan)];
}

function races({ judged }: Evidence, race: 'keepalive' | 'backlog'): Finding | null {
  const count = judged.filter((one) => one.phase !== 'before' && one.race === race).length;
  return count === 0 ? null : say('warning', race === 'keepalive' ? 'KEEPALIVE_RESET' : 'BACKLOG_RESET', { count });
}

function doubts(evidence: Evidence): readonly (Finding | null)[] {
  const { grounds, observation, judged } = evidence;
  const { harness } = observation;
  const since = judged.filter(({ phase }) => phase !== 'before');
  const before = judged.length - since.length;
  return [
    ...nothingSeen(evidence),
    grounds.unhealthy
      ? say('warning', 'UNHEALTHY_BEFORE_SIGNAL', {
          failed: grounds.failedBefore.length,
          of: before,
          example: exampleOf(evidence),
        })
      : null,
    grounds.harnessLimit
      ? say('warning', 'HARNESS_LIMIT', {
          latenessP99Ms: harness.latenessMs.p99,
          faults: harness.faults,
          firstFault: harness.firstFault,
          blindMs: grounds.blindMs,
        })
      : null,
    grounds.tooAmbiguous
      ? say('warning', 'TOO_AMBIGUOUS', {
          ambiguous: withOutcome(since, 'ambiguous').length,
          of: since.length - withOutcome(since, 'refused').length,
          viaProxy: observation.target.address?.via === 'published-port',
        })
      : null,
    grounds.heldEndedEarly ? say('warning', 'HELD_ENDED_EARLY', { held: endedEarly(observation).map(nameOf) }) : null,
    observation.parking.droppedBecause === null
      ? null
      : say('warning', 'PARK_DROPPED', { because: observation.parking.droppedBecause }),
  ];
}

/** Where the run had nothing to judge the stop by. */
function nothingSeen(evidence: Evidence): readonly (Finding | null)[] {
  const { grounds, observation } = evidence;
  const { plan } = observation;
  return [
    grounds.nothingWatched ? say('warning', 'NOTHING_WATCHED', { exitCode: evidence.termination.exitCode }) : null,
    grounds.readyBeforeSignal
      ? say('warning', 'READY_BEFORE_SIGNAL', {
          stoppedAfterMs: observation.t0Us / 1000,
          readyAfterMs: observation.t0Us / 1000 + (observation.becameReadyAtMs ?? 0),
        })
      : null,
    grounds.nothingInFlight
      ? say('warning', 'NOTHING_IN_FLIGHT', {
          jobs: plan.jobs === null ? null : observation.jobs.length,
          ratePerSecond: observation.harness.ratePerSecond,
          path: plan.load.requests[0]?.path ?? '/',
          enough: rateForThree(evidence),
          canPark: plan.load.protocol === 'http1' && plan.load.park === 0,
        })
      : null,
  ];
}

/** A held connection as `--hold` names it. */
function nameOf({ kind, path }: TimedHold): string {
  return `${kind}:${path}`;
}

/** The rate at which about three would be in flight, by the median before the signal; null where that is unknown. */
function rateForThree({ observation, judged }: Evidence): number | null {
  const tookMs = judged
    .filter(({ phase, outcome }) => phase === 'before' && outcome === 'completed')
    .map(({ sentUs, endUs }) => (endUs - sentUs) / 1000);
  if (tookMs.length === 0) return null;
  const enough = Number((3000 / percentile(tookMs, 0.5)).toPrecision(2));
  return enough > observation.harness.ratePerSecond ? enough : null;
}

/** What went wrong before the signal, by its first instance. */
function exampleOf({ grounds, statusOf }: Evidence): string {
  const [first] = grounds.failedBefore;
  if (!first) return 'lost';
  const isAnswer = first.outcome === 'badStatus' || first.outcome === 'rejected';
  return isAnswer ? `status ${statusOf(first.row)}` : first.outcome;
}

function withOutcome(judged: readonly Judged[], outcome: Judged['outcome']): readonly Judged[] {
  return judged.filter((one) => one.outcome === outcome);
}
