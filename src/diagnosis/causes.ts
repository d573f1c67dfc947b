import type { ProcessFacts } from '../engines/engine.ts';
import { endsWithProcess } from '../load/classify.ts';
import { exitCodeOf } from '../signals.ts';
import { type Evidence, isLate } from './evidence.ts';
import type { Finding } from './finding.ts';
import { drainSignalOf } from './known-software.ts';
import { catches, isInterpreted, roleOf } from './processes.ts';
import { withoutShell } from './remedy.ts';
import { say } from './say.ts';

/** Death by a signal's default action takes no time; what ends later than this did something first. */
const AT_ONCE_MS = 500;
/** The Go runtime exits with this on a signal that nothing handles. */
const GO_EXIT_CODE = 2;

type Rule = (evidence: Evidence) => Finding | null;

/** The one cause of a failing run, or null where none is owed: the first rule that matches wins. */
export function findCause(evidence: Evidence): Finding | null {
  if (!owesCause(evidence)) return null;
  for (const rule of RULES) {
    const finding = rule(evidence);
    if (finding) return finding;
  }
  return causeUnclear(evidence);
}

/** A forced end, requests cut off at the end, or requests from before the signal cut off want a cause; late losses and exit codes say all by themselves. */
function owesCause({ grounds, cutAtEnd, cutWhileAlive, termination }: Evidence): boolean {
  const dropped = cutWhileAlive.some((one) => !isLate(one));
  return grounds.sigkill || termination.oomKilled || cutAtEnd.length > 0 || dropped;
}

const oomKilled: Rule = ({ termination, observation, ...evidence }) =>
  termination.oomKilled
    ? say('error', 'OOM_KILLED', {
        limitBytes: observation.plan.container.memoryBytes,
        afterMs: termination.exitedAtMs,
        app: appOf(evidence),
        signal: observation.target.stopSignal,
      })
    : null;

const shellIsPid1: Rule = (evidence) =>
  evidence.grounds.sigkill &&
  evidence.pid1Role === 'shell' &&
  evidence.children.length > 0 &&
  !isCaughtBy(evidence.pid1, evidence)
    ? say('error', 'SHELL_IS_PID1', {
        ...common(evidence),
        pid1: pid1Of(evidence),
        graceMs: evidence.observation.plan.graceMs,
        remedy: withoutShell(evidence.observation, appOf(evidence)),
      })
    : null;

const signalNotForwarded: Rule = (evidence) =>
  evidence.pid1Role === 'wrapper' && !hasClosedEarly(evidence)
    ? say('error', 'SIGNAL_NOT_FORWARDED', {
        ...common(evidence),
        pid1: pid1Of(evidence),
        forced: evidence.grounds.sigkill,
      })
    : null;

/** PID 1 leaves although below it a shell, which got the signal in the app's place, has the app for a child. */
const namespaceTeardown: Rule = (evidence) => {
  const shellBetween = evidence.children.some(
    (child) => roleOf(child) === 'shell' && child.pid !== evidence.app?.pid && !isCaughtBy(child, evidence),
  );
  if (evidence.grounds.sigkill || evidence.pid1Role !== 'init' || !shellBetween) return null;
  return say('error', 'NAMESPACE_TEARDOWN', {
    ...common(evidence),
    pid1: pid1Of(evidence),
    afterMs: evidence.termination.exitedAtMs,
    exitCode: evidence.termination.exitCode,
    looksClean: !evidence.grounds.badExitCode,
    remedy: withoutShell(evidence.observation, appOf(evidence)),
  });
};

const pid1NoHandler: Rule = (evidence) =>
  evidence.grounds.sigkill && evidence.pid1Role === 'app' && evidence.appHandlesSignal === false
    ? say('error', 'PID1_NO_HANDLER', { ...common(evidence), graceMs: evidence.observation.plan.graceMs })
    : null;

const defaultActionDeath: Rule = (evidence) => {
  const { termination, observation } = evidence;
  if (evidence.grounds.sigkill || evidence.appHandlesSignal === true || !wasAtOnce(evidence)) return null;
  // A signal's default action never ends PID 1: there, dying of it takes an init in front, or a runtime that exits.
  const diedOfIt = evidence.pid1Role === 'init' && termination.exitCode === exitCodeOf(observation.target.stopSignal);
  const goRuntime =
    termination.exitCode === GO_EXIT_CODE &&
    evidence.pid1Role !== 'shell' &&
    evidence.app !== null &&
    !isInterpreted(evidence.app);
  if (!diedOfIt && !goRuntime) return null;
  return say('error', 'DEFAULT_ACTION_DEATH', {
    ...common(evidence),
    init: evidence.pid1Role === 'init' ? pid1Of(evidence) : null,
    isCertain: goRuntime || !isCaughtBy(evidence.app, evidence),
    exitCode: termination.exitCode,
  });
};

/** Known software that drops its work on the signal it was sent, and drains on another. */
const wrongStopSignal: Rule = ({ app, observation }) => {
  const known = app && drainSignalOf(app);
  const { stopSignal } = observation.target;
  if (!known || !known.dropsOn.includes(stopSignal)) return null;
  return say('error', 'WRONG_STOP_SIGNAL', {
    software: known.software,
    signal: stopSignal,
    drainsOn: known.drainsOn,
  });
};

/** All from before the signal was answered, the listener is closed, and connections that clients kept were there to the end. */
const stuckOnConnections: Rule = (evidence) => {
  const { grounds, judged, observation, close } = evidence;
  if (!grounds.sigkill || openFromBefore(evidence) > 0 || close.firstRefusedUs === null) return null;
  const closedUs = close.firstRefusedUs;
  const late = judged.filter(
    ({ phase, reused, endUs, outcome }) => phase === 'after' && reused && outcome === 'completed' && endUs > closedUs,
  );
  const held = grounds.heldCut.filter(({ endedAtMs }) =>
    endsWithProcess(observation, atUs(observation, endedAtMs ?? 0)),
  );
  if (late.length + held.length === 0) return null;
  return say('error', 'STUCK_ON_CONNECTIONS', {
    ...common(evidence),
    held: held.map(({ kind, path }) => `${kind}:${path}`),
    answeredMs: evidence.termination.drainMs ?? 0,
    late: late.length,
    graceMs: observation.plan.graceMs,
  });
};

const handlerExceedsGrace: Rule = (evidence) => {
  const open = openFromBefore(evidence);
  if (!evidence.grounds.sigkill || open === 0 || evidence.appHandlesSignal !== true) return null;
  return say('error', 'HANDLER_EXCEEDS_GRACE', {
    ...common(evidence),
    open,
    graceMs: evidence.observation.plan.graceMs,
  });
};

const abruptExit: Rule = (evidence) =>
  !evidence.grounds.sigkill &&
  evidence.cutAtEnd.length > 0 &&
  evidence.pid1Role !== null &&
  evidence.pid1Role !== 'shell'
    ? say('error', 'ABRUPT_EXIT', {
        ...common(evidence),
        lost: evidence.cutAtEnd.length,
        afterMs: evidence.termination.exitedAtMs,
        exitCode: evidence.termination.exitCode,
      })
    : null;

/** In the order of precedence. */
const RULES: readonly Rule[] = [
  oomKilled,
  shellIsPid1,
  signalNotForwarded,
  namespaceTeardown,
  pid1NoHandler,
  defaultActionDeath,
  wrongStopSignal,
  stuckOnConnections,
  handlerExceedsGrace,
  abruptExit,
];

function causeUnclear(evidence: Evidence): Finding {
  return say('error', 'CAUSE_UNCLEAR', {
    candidates: evidence.grounds.sigkill ? whyItStayed(evidence) : whyItCut(evidence),
    tell:
      evidence.pid1 === null
        ? 'The engine could not show the processes; run where `docker top` works to tell these apart.'
        : 'A log line at the start and at the end of the handler would tell these apart.',
  });
}

/** What may have kept it alive until SIGKILL. */
function whyItStayed(evidence: Evidence): readonly string[] {
  const { observation, close, termination, appHandlesSignal } = evidence;
  const { stopSignal } = observation.target;
  if (appHandlesSignal === true && !hasClosedEarly(evidence)) {
    const lastAcceptedMs = (close.lastAcceptedUs - observation.t0Us) / 1000;
    const accepting = lastAcceptedMs > (termination.exitedAtMs ?? Infinity) - observation.plan.graceMs / 2;
    if (accepting)
      return [`its handler for ${stopSignal} never closes the listener: it accepted connections to the end`];
  }
  return [
    `its handler for ${stopSignal} does not end the process`,
    'it waits for something other than requests, such as a timer or a database connection',
    ...(evidence.pid1Role === 'app' && appHandlesSignal === true
      ? []
      : ['the signal never reached the process that serves']),
  ];
}

/** What may have cut requests off without any SIGKILL. */
function whyItCut({ observation, cutAtEnd, pid1Role }: Evidence): readonly string[] {
  const { stopSignal } = observation.target;
  if (cutAtEnd.length === 0) {
    return [
      `its handler for ${stopSignal} closes connections that still owe an answer`,
      'one of its processes ended before the others, with requests in it',
    ];
  }
  return [
    `the app exits on ${stopSignal} without waiting for its requests`,
    ...(pid1Role === 'app' ? [] : ['PID 1 left before the app was done: it has to `wait` for it, or `exec` it']),
  ];
}

/** Requests from before the signal that had no answer when the process ended. */
function openFromBefore({ judged, cutAtEnd }: Evidence): number {
  const cut = new Set(cutAtEnd.map(({ row }) => row));
  return judged.filter(({ row, phase }) => phase === 'inFlight' && cut.has(row)).length;
}

/** Whether a process caught the stop signal before it came. */
function isCaughtBy(process: ProcessFacts | null, { observation }: Evidence): boolean {
  return process !== null && catches(process, observation.target.stopSignal) === true;
}

/** Whether the listener was closed long before the end: then the signal did reach the app. */
function hasClosedEarly({ close, termination, observation }: Evidence): boolean {
  if (close.firstRefusedUs === null || termination.exitedAtMs === null) return false;
  return (close.firstRefusedUs - observation.t0Us) / 1000 < termination.exitedAtMs - AT_ONCE_MS;
}

/** A time from T0 on the ledger's clock. */
function atUs({ t0Us }: Evidence['observation'], ms: number): number {
  return t0Us + ms * 1000;
}

function wasAtOnce({ termination, observation }: Evidence): boolean {
  return (termination.exitedAtMs ?? Infinity) - observation.signalByMs < AT_ONCE_MS;
}

function common(evidence: Evidence): { readonly app: string; readonly signal: string } {
  return { app: appOf(evidence), signal: evidence.observation.target.stopSignal };
}

function appOf({ app }: Pick<Evidence, 'app'>): string {
  return app?.command ?? 'the app';
}

function pid1Of({ pid1 }: Evidence): string {
  return pid1?.command ?? 'PID 1';
}
