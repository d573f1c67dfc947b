import { targetNoun } from '../plan/terms.ts';
import { exitCodeOf } from '../signals.ts';
import { type Evidence, hasReachedApp, isLate, killerInside, lostWithIt, openFromBefore } from './evidence.ts';
import { endedAfterMs, handlerAtMs, isLongBelowSupervisor, wasAtOnce } from './timing.ts';
import type { Finding } from './finding.ts';
import { namespaceTeardown, shellIsPid1, signalNotForwarded } from './forwarding.ts';
import { common, pid1Of } from './names.ts';
import { withPlace } from './place.ts';
import { catches, isInterpreted, isJvm, isSupervisor, roleOf, snapshotBefore, workersOf } from './processes.ts';
import { type ArgsOf, say } from './say.ts';
import { preStopExhaustedGrace } from './sequence.ts';
import { stuckOnConnections } from './stuck.ts';
import { stoppedWrongly, unhandledStop } from './stopped-wrongly.ts';
import { causeUnclear } from './unclear.ts';

/** The Go runtime exits with this on a signal that nothing handles. */
const GO_EXIT_CODE = 2;
const KILLED_EXIT_CODE = exitCodeOf('SIGKILL');

type Rule = (evidence: Evidence) => Finding | null;

/** The one cause of a failing run, or null where none is owed: the first rule that matches wins. */
export function findCause(evidence: Evidence): Finding | null {
  if (!owesCause(evidence)) return droppedBelowSupervisor(evidence);
  for (const rule of RULES) {
    const finding = rule(evidence);
    if (finding) return withPlace(finding, evidence.observation);
  }
  return causeUnclear(evidence);
}

/** A forced end, by the stop signal itself perhaps, requests or jobs cut off at the end, or requests from before the signal cut off want a cause; late losses and exit codes say all by themselves. */
function owesCause(evidence: Evidence): boolean {
  const { grounds, cutWhileAlive } = evidence;
  const dropped = cutWhileAlive.some((one) => !isLate(one));
  const isTold = grounds.sigkill || isOutOfMemory(evidence) || unhandledStop(evidence) !== null;
  return isTold || lostWithIt(evidence) > 0 || dropped;
}

/** Below a supervisor, which lives on, what a program drops looks like a late loss, or like the 502 of one in front of it. */
const droppedBelowSupervisor: Rule = (evidence) =>
  evidence.grounds.heldAgainst.length > 0 && evidence.pid1 !== null && isSupervisor(evidence.pid1)
    ? wrongStopSignal(evidence)
    : null;

const oomKilled: Rule = (evidence) =>
  isOutOfMemory(evidence)
    ? say('error', 'OOM_KILLED', {
        limitBytes: evidence.observation.plan.container.memoryBytes,
        afterMs: endedAfterMs(evidence),
        ...common(evidence),
        target: targetNoun(evidence.observation.plan),
        isWhole: evidence.termination.exitCode === KILLED_EXIT_CODE && !evidence.grounds.sigkill,
      })
    : null;

/**
 * Whether memory ran out for the container itself, or since the stop for a process in it. The engine goes on saying that it
 * did of a container that lost a process so long before.
 */
function isOutOfMemory({ termination, observation, grounds }: Evidence): boolean {
  const isSinceStop = observation.events.some(({ action, atMs }) => action === 'oom' && atMs >= 0);
  const isItself = termination.exitCode === KILLED_EXIT_CODE && !isKilledThroughEngine(termination);
  return grounds.verdict === 'fail' && termination.oomKilled && (isItself || isSinceStop);
}

/** Whether the engine logged a SIGKILL, be it the stop signal itself, its escalation or somebody's `docker kill`. */
function isKilledThroughEngine({ signals }: Evidence['termination']): boolean {
  return signals.some(({ signal }) => signal === 'SIGKILL');
}

/** It ended while its preStop hook ran: no signal of the stop's had come, so none explains it. */
const endedDuringPreStop: Rule = (evidence) =>
  evidence.observation.preStop?.end === 'overtaken' && lostWithIt(evidence) > 0
    ? say('error', 'ABRUPT_EXIT', abruptly(evidence, true))
    : null;

/** It goes before all that asks what became of the signal. */
const noHandlerPossible: Rule = (evidence) => {
  const unhandled = unhandledStop(evidence);
  return unhandled && say('error', 'WRONG_STOP_SIGNAL', unhandled);
};

/** It was still starting, and the signal left no trace: it came before the handler, or before anything asked for it. */
const lostAtStartup: Rule = (evidence) => {
  const { observation, grounds, pid1Role } = evidence;
  const { plan, becameReadyAtMs } = observation;
  if (plan.when === 'ready' || !grounds.sigkill || grounds.readyBeforeSignal || pid1Role !== 'app') return null;
  const learnedAtMs = handlerAtMs(evidence);
  if (learnedAtMs === null && !isLostToStartUp(evidence)) return null;
  return say('error', 'LOST_AT_STARTUP', {
    ...common(evidence),
    stoppedAfterMs: observation.t0Us / 1000,
    script: scriptAtStop(evidence),
    handlerAtMs: learnedAtMs,
    readyAtMs: becameReadyAtMs,
    graceMs: plan.graceMs,
  });
};

/**
 * Whether it is for its being in start-up that the signal was lost, although no handler was seen to come: it had one and
 * got ready all the same, or it was not ready to the end and may have got one. One that is ready without a handler loses
 * the signal at any other time too.
 */
function isLostToStartUp({ observation, appHandlesSignal }: Evidence): boolean {
  if (observation.target.address === null) return false;
  return observation.becameReadyAtMs === null ? appHandlesSignal === false : appHandlesSignal !== false;
}

/** The shell that was PID 1 when the stop came, and made room for the app only later; null where it was no shell. */
function scriptAtStop({ observation }: Evidence): string | null {
  const pid1 = snapshotBefore(observation)?.processes.find(({ isPid1 }) => isPid1);
  return pid1 && roleOf(pid1) === 'shell' ? pid1.command : null;
}

/** A shell or a wrapper that runs nothing but itself is the app. */
const pid1NoHandler: Rule = (evidence) =>
  evidence.grounds.sigkill && isPid1Alone(evidence) && evidence.appHandlesSignal === false
    ? say('error', 'PID1_NO_HANDLER', {
        ...common(evidence),
        of: nounOf(evidence),
        graceMs: evidence.observation.plan.graceMs,
        started: startedByIt(evidence),
      })
    : null;

/** What PID 1 has started that is no worker of its own and has a handler, as below `node --watch`: perhaps the app; else null. */
function startedByIt({ app, children, observation }: Evidence): string | null {
  const before = snapshotBefore(observation);
  const workers = app && before ? workersOf(app, before) : [];
  const others = children.filter((child) => !workers.includes(child));
  return others.find((child) => catches(child, observation.target.stopSignal) === true)?.command ?? null;
}

function isPid1Alone({ pid1Role, app }: Evidence): boolean {
  return pid1Role !== 'init' && app?.isPid1 === true;
}

const defaultActionDeath: Rule = (evidence) => {
  const { termination, observation } = evidence;
  const isDeathCode = termination.exitCode === exitCodeOf(observation.target.stopSignal);
  // A JVM catches the signal to the end, with a shutdown hook and without one.
  const jvm = isDeathCode && evidence.pid1Role !== 'shell' && evidence.app !== null && isJvm(evidence.app);
  if (evidence.grounds.sigkill || (evidence.appHandlesSignal === true && !jvm) || !wasAtOnce(evidence)) return null;
  // A signal's default action never ends PID 1: there, dying of it takes an init in front, or a runtime that exits.
  const isInitsChild = evidence.pid1Role === 'init' && evidence.between.length === 0;
  const isMortal = isInitsChild || (evidence.app?.isPid1 === false && evidence.appHandlesSignal === false);
  const diedOfIt = isMortal && isDeathCode;
  const goRuntime =
    termination.exitCode === GO_EXIT_CODE &&
    evidence.pid1Role !== 'shell' &&
    evidence.app !== null &&
    !isInterpreted(evidence.app);
  if (!diedOfIt && !goRuntime && !jvm) return null;
  return say('error', 'DEFAULT_ACTION_DEATH', {
    ...common(evidence),
    of: nounOf(evidence),
    init: evidence.pid1Role === 'init' ? pid1Of(evidence) : null,
    isCertain: goRuntime || evidence.appHandlesSignal === false,
    exitCode: termination.exitCode,
  });
};

/** Known software that drops its work on the signal it was sent, and drains on another. */
const wrongStopSignal: Rule = (evidence) => {
  const wrongly = stoppedWrongly(evidence);
  return wrongly && say('error', 'WRONG_STOP_SIGNAL', wrongly);
};

const handlerExceedsGrace: Rule = (evidence) => {
  const open = openFromBefore(evidence);
  const isDraining = evidence.appHandlesSignal === true && hasReachedApp(evidence) === true;
  if (!evidence.grounds.sigkill || open === 0 || !isDraining) return null;
  return say('error', 'HANDLER_EXCEEDS_GRACE', {
    ...common(evidence),
    open,
    of: nounOf(evidence),
    graceMs: evidence.observation.plan.graceMs,
    preStopMs: evidence.observation.preStop?.endedAtMs ?? null,
  });
};

/** It got the signal and went first: who else may have, says `tornDown`. */
const abruptExit: Rule = (evidence) =>
  !evidence.grounds.sigkill &&
  lostWithIt(evidence) > 0 &&
  evidence.tornDown === false &&
  killerInside(evidence) === null &&
  !isLongBelowSupervisor(evidence) &&
  hasReachedApp(evidence) !== false
    ? say('error', 'ABRUPT_EXIT', abruptly(evidence, false))
    : null;

function abruptly(evidence: Evidence, isBeforeSignal: boolean): ArgsOf<'ABRUPT_EXIT'> {
  return {
    ...common(evidence),
    ...(evidence.signalInPlace === null ? {} : { signal: evidence.signalInPlace }),
    isBeforeSignal,
    lost: lostWithIt(evidence),
    signals: evidence.signalsToApp,
    of: nounOf(evidence),
    afterMs: endedAfterMs(evidence),
    exitCode: evidence.termination.exitCode,
    isAccepted: evidence.termination.exitCode !== null && !evidence.grounds.badExitCode,
  };
}

/** In the order of precedence. */
const RULES: readonly Rule[] = [
  oomKilled,
  endedDuringPreStop,
  noHandlerPossible,
  lostAtStartup,
  shellIsPid1,
  signalNotForwarded,
  namespaceTeardown,
  pid1NoHandler,
  defaultActionDeath,
  wrongStopSignal,
  stuckOnConnections,
  preStopExhaustedGrace,
  handlerExceedsGrace,
  abruptExit,
];

/** What the app has to do, in one word. */
function nounOf({ observation }: Evidence): 'request' | 'job' {
  return observation.plan.load.kind === 'none' ? 'job' : 'request';
}
