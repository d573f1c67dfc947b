import type { Finding } from '../diagnosis/finding.ts';
import { say } from '../diagnosis/say.ts';
import { coveringSleepMs } from '../plan/covering-sleep.ts';
import { shortPreStop } from '../plan/pre-stop.ts';
import { acceptedExitCodes } from '../verdict.ts';
import type { Agreement } from './agreement.ts';
import { countOf, failuresOf, failureText } from './failures.ts';
import type { RolloutObservation } from './observation.ts';
import type { ReplacementRecord, UsersRecord } from './record.ts';
import type { RolloutGrounds } from './verdict.ts';

/** All that findings are made from. */
export interface RolloutEvidence {
  readonly observation: RolloutObservation;
  readonly grounds: RolloutGrounds;
  readonly requests: UsersRecord;
  readonly replacements: readonly ReplacementRecord[];
  readonly agreement: readonly Agreement[];
}

/** What followed for the users, and what the roll-out is worth. */
export function findInRollout(evidence: RolloutEvidence): readonly Finding[] {
  const rules = [lost, killed, sentAgain, preStopFailed, unexpectedExit, unhealthy, idle, harnessLimit, disagree];
  return rules.map((rule) => rule(evidence)).filter((finding) => finding !== null);
}

/** HAProxy's own answer where no server took the connection. */
const NO_SERVER = 503;

function lost({ observation, grounds, replacements, requests }: RolloutEvidence): Finding | null {
  const { failed } = grounds;
  if (failed.length === 0) return null;
  const at = (which: 'old' | 'new'): readonly { replica: number; failed: number }[] =>
    replacements
      .map(({ replica, failures }) => ({ replica, failed: countOf(failures[which]) }))
      .filter((one) => one.failed > 0);
  const wasRefused = failed.some(({ status, isBalancers }) => isBalancers && status === NO_SERVER);
  return say('error', 'LOST_IN_ROLLOUT', {
    failed: failed.length,
    of: countDuring(requests),
    ways: failureText(failuresOf(failed)),
    atOld: at('old'),
    atNew: at('new'),
    lagMs: observation.plan.routingLagMs,
    sleepS: wasRefused ? coveringSleepS(observation) : null,
    profile: observation.plan.profile,
  });
}

function killed({ observation, grounds }: RolloutEvidence): Finding | null {
  if (grounds.killed.length === 0) return null;
  return say('error', 'KILLED_IN_ROLLOUT', {
    replicas: numbersOf(grounds.killed),
    of: observation.plan.replicas,
    graceMs: observation.plan.graceMs,
    failed: grounds.killed.reduce((sum, { failures }) => sum + countOf(failures.old), 0),
    profile: observation.plan.profile,
  });
}

function sentAgain({ observation, requests, replacements }: RolloutEvidence): Finding | null {
  if (requests.sentAgain === 0) return null;
  return say('warning', 'SENT_AGAIN', {
    requests: requests.sentAgain,
    times: replacements.reduce((sum, one) => sum + one.sentAgain, 0),
    slowestMs: requests.latencyMs.sentAgain.max,
    usualMs: requests.latencyMs.before.p50,
    lagMs: observation.plan.routingLagMs,
    sleepS: coveringSleepS(observation),
  });
}

function preStopFailed({ observation, grounds, replacements }: RolloutEvidence): Finding | null {
  const { plan, target } = observation;
  const hook = replacements.map(({ preStop }) => preStop).find((one) => one?.end === 'failed' || one?.end === 'cutOff');
  if (!hook || plan.preStop === null) return null;
  return say(grounds.verdict === 'fail' ? 'error' : 'warning', 'PRESTOP_FAILED', {
    hook: shortPreStop(plan.preStop),
    kind: plan.preStop.kind,
    afterMs: hook.endedAtMs,
    because: hook.because,
    isHarmless: grounds.verdict !== 'fail',
    signal: target.stopSignal,
    sleepS: coveringSleepMs(plan.routingLagMs) / 1000,
  });
}

function unexpectedExit({ observation, grounds }: RolloutEvidence): Finding | null {
  const others = grounds.badExit.filter((one) => !grounds.killed.includes(one));
  const [first] = others;
  if (first === undefined || first.exitCode === null) return null;
  return say('error', 'UNEXPECTED_EXIT_CODE', {
    exitCode: first.exitCode,
    accepted: acceptedExitCodes(observation),
    because: `So it was with ${others.length} of ${observation.plan.replicas} replicas.`,
    nothingLost: grounds.failed.length === 0,
  });
}

function unhealthy({ grounds }: RolloutEvidence): Finding | null {
  if (!grounds.unhealthy) return null;
  return say('warning', 'UNHEALTHY_BEFORE_ROLLOUT', {
    failed: grounds.failedBefore.length,
    of: grounds.before,
    ways: failureText(failuresOf(grounds.failedBefore)),
  });
}

function idle({ observation, grounds }: RolloutEvidence): Finding | null {
  if (grounds.idle.length === 0) return null;
  return say('warning', 'REPLICA_IDLE', {
    replicas: numbersOf(grounds.idle),
    path: observation.plan.load.requests[0]?.path ?? '/',
    ratePerSecond: observation.harness.ratePerSecond,
  });
}

function harnessLimit({ observation, grounds }: RolloutEvidence): Finding | null {
  if (!grounds.harnessLimit) return null;
  const { latenessMs, faults, firstFault } = observation.harness;
  return say('warning', 'HARNESS_LIMIT', { latenessP99Ms: latenessMs.p99, faults, firstFault, blindMs: null });
}

function disagree({ agreement }: RolloutEvidence): Finding | null {
  const odd = agreement.filter(({ agrees }) => !agrees);
  return odd.length === 0 ? null : say('warning', 'COUNTS_DISAGREE', { counts: odd });
}

/** The preStop sleep that would have kept the app taking connections for as long as it got any; null where it did. */
function coveringSleepS({ plan, replacements }: RolloutObservation): number | null {
  const wasEarly = replacements.some(({ signalledAtMs, unroutedAtMs }) => (signalledAtMs ?? 0) <= unroutedAtMs);
  return plan.profile === 'kubernetes' && plan.routingLagMs > 0 && wasEarly
    ? coveringSleepMs(plan.routingLagMs) / 1000
    : null;
}

function countDuring({ byPhase }: UsersRecord): number {
  return Object.values(byPhase.during).reduce((sum, count) => sum + count, 0);
}

function numbersOf(replacements: readonly ReplacementRecord[]): readonly number[] {
  return replacements.map(({ replica }) => replica);
}
