import type { Judged } from '../load/classify.ts';
import { coveringSleepMs } from '../plan/covering-sleep.ts';
import { shortPreStop } from '../plan/pre-stop.ts';
import { leftTooLittle } from '../termination/pod-stop.ts';
import { readinessOf } from '../termination/readiness-record.ts';
import { type Evidence, hasReachedApp, openFromBefore } from './evidence.ts';
import type { Finding } from './finding.ts';
import { common } from './names.ts';
import { say } from './say.ts';
import { closedByMs } from './timing.ts';

/** The hook had used up the grace period, and what was left was too short for an app that was draining. */
export function preStopExhaustedGrace(evidence: Evidence): Finding | null {
  const { observation, grounds, appHandlesSignal } = evidence;
  const { preStop, plan } = observation;
  if (!grounds.sigkill || preStop === null || plan.preStop === null) return null;
  if (appHandlesSignal === false || hasReachedApp(evidence) === false) return null;
  if (!leftTooLittle(preStop.endedAtMs, plan.graceMs) || servesOn(evidence)) return null;
  return say('error', 'PRESTOP_EXHAUSTED_GRACE', {
    ...common(evidence),
    hook: shortPreStop(plan.preStop),
    tookMs: preStop.endedAtMs,
    isCut: preStop.end === 'cutOff',
    graceMs: plan.graceMs,
    leftMs: leftMs(evidence),
    open: openFromBefore(evidence),
  });
}

/** Whether it answered all that it had, and went on taking new requests: no time would have been enough for that. */
function servesOn(evidence: Evidence): boolean {
  const isServingLate = evidence.judged.some(({ phase, outcome }) => phase === 'after' && outcome === 'completed');
  return isServingLate && openFromBefore(evidence) === 0 && closedByMs(evidence) === null;
}

/** From the signal to SIGKILL. */
function leftMs({ termination, observation }: Evidence): number {
  const killedAtMs = termination.signals.find(({ signal }) => signal === 'SIGKILL')?.atMs ?? observation.plan.graceMs;
  return killedAtMs - observation.signalFromMs;
}

/** The hook did not do what it was for. Whether that cost anything is for the requests to say. */
export function preStopFailed({ observation, grounds }: Evidence): Finding | null {
  const { preStop, plan } = observation;
  if (preStop === null || plan.preStop === null || (preStop.end !== 'failed' && preStop.end !== 'cutOff')) return null;
  return say(grounds.verdict === 'fail' ? 'error' : 'warning', 'PRESTOP_FAILED', {
    hook: shortPreStop(plan.preStop),
    kind: plan.preStop.kind,
    afterMs: preStop.endedAtMs,
    because: preStop.because,
    isHarmless: grounds.verdict !== 'fail',
    signal: observation.target.stopSignal,
    sleepS: coveringSleepMs(plan.routingLagMs) / 1000,
  });
}

/** New requests that were sent here because nobody knew better, and found no one; or would have, had any come. */
export function refusedWhileRouted({ grounds, observation }: Evidence): Finding | null {
  const turnedAway = grounds.heldAgainst.filter(({ routed, outcome }) => routed && outcome === 'refused');
  const rejected = grounds.heldAgainst.filter(isTurnedAwayWhileRouted);
  const all = [...turnedAway, ...rejected];
  const goneAtMs = grounds.goneWhileRoutedMs;
  if (all.length === 0 && goneAtMs === null) return null;
  const atMs = all.map(({ leftUs }) => (leftUs - observation.t0Us) / 1000);
  const { preStop, plan } = observation;
  return say('error', 'REFUSED_WHILE_ROUTED', {
    refused: turnedAway.length,
    rejected: rejected.length,
    fromMs: all.length === 0 ? null : Math.min(...atMs),
    untilMs: all.length === 0 ? null : Math.max(...atMs),
    lagMs: plan.routingLagMs,
    // Its end took the hook with it.
    hookMs: preStop === null || preStop.end === 'overtaken' ? null : preStop.endedAtMs,
    goneAtMs,
    isPod: plan.profile === 'kubernetes',
    sleepS: coveringSleepMs(plan.routingLagMs) / 1000,
  });
}

/** Whether it was sent here because the routing went on, and got an answer that turned it away. */
export function isTurnedAwayWhileRouted({ outcome, routed, phase }: Judged): boolean {
  return outcome === 'rejected' && routed && phase !== 'inFlight';
}

/** Health checks of load balancers outside the cluster see nothing but this. */
export function readinessStayedUp({ observation }: Evidence): Finding | null {
  const readiness = readinessOf(observation);
  if (readiness === null || !readiness.stayedUp) return null;
  return say('warning', 'READINESS_STAYED_UP', {
    path: observation.plan.readyPath,
    forMs: readiness.lastReadyAtMs - observation.signalByMs,
    signal: observation.target.stopSignal,
  });
}

/** The target may have ended well, and what stood beside it had no time left, or took no notice. */
export function sidecarKilled({ observation }: Evidence): Finding | null {
  const { plan } = observation;
  const killed = observation.sidecars.filter(({ sigkillFired }) => sigkillFired);
  if (killed.length === 0) return null;
  return say('warning', 'SIDECAR_KILLED', {
    sidecars: killed.map(({ name, signal, signalledAtMs, endedAtMs }) => ({
      name,
      signal,
      signalledAtMs: signalledAtMs ?? 0,
      leftMs: (endedAtMs ?? plan.graceMs) - (signalledAtMs ?? 0),
    })),
    graceMs: plan.graceMs,
    isLeast: killed.every(({ signalledAtMs }) => leftTooLittle(signalledAtMs ?? 0, plan.graceMs)),
  });
}
