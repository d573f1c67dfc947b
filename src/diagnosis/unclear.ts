import { type Evidence, hasReachedApp, killerInside, lostAfterSignal, lostWithIt, openFromBefore } from './evidence.ts';
import { closedByMs, hasClosedEarly, isLongBelowSupervisor } from './timing.ts';
import { targetNoun } from '../plan/terms.ts';
import type { Finding } from './finding.ts';
import { takenByRuntime } from './known-software.ts';
import { catches, programName, roleOf, wrapperName } from './processes.ts';
import { say } from './say.ts';
import { openAtEnd } from './sockets.ts';
import { idleAtEnd } from './stuck.ts';
import { count, seconds, tick } from './words/phrases.ts';

/** So many ends of open connections are named. */
const MAX_PEERS = 3;

/** What would tell, where the processes could not be read. */
const UNSEEN = {
  container: 'The engine could not show the processes; run where `docker top` works to tell these apart.',
  command: 'The processes could not be read from /proc; run where that shows them to tell these apart.',
} as const;

/** Where no rule matches: what it could be, and what would tell. */
export function causeUnclear(evidence: Evidence): Finding {
  return say('error', 'CAUSE_UNCLEAR', {
    candidates: evidence.grounds.sigkill ? whyItStayed(evidence) : whyItCut(evidence),
    tell: whatWouldTell(evidence),
  });
}

function whatWouldTell(evidence: Evidence): string {
  const { pid1, observation } = evidence;
  const noun = targetNoun(observation.plan);
  if (killerInside(evidence) !== null)
    return `Give it longer there (supervisord: \`stopwaitsecs\`, pm2: \`kill_timeout\`), and the ${noun} a grace period that is longer still.`;
  if (pid1 === null) return UNSEEN[noun];
  const byLog = 'A log line at the start and at the end of the handler would tell these apart.';
  if (observation.kernel.kind === 'traced') return byLog;
  return `${byLog} So would the kernel: \`--kernel-trace on\`, as root${noun === 'command' ? '' : " on the engine's host"}.`;
}

/** What may have kept it alive until SIGKILL. */
function whyItStayed(evidence: Evidence): readonly string[] {
  const reached = hasReachedApp(evidence);
  if (evidence.signalInPlace !== null)
    return [
      `its handler for ${evidence.signalInPlace}, which it got in the stop signal's place, does not end the process in time`,
    ];
  if (reached === false) return [neverReached(evidence)];
  const isCertain = reached === true && evidence.appHandlesSignal === true;
  const { app, observation } = evidence;
  const runtimes =
    app === null || hasClosedEarly(evidence) ? null : takenByRuntime(programName(app), observation.target.stopSignal);
  return [
    ...(runtimes === null ? [] : [`${runtimes}: the app has no handler for it`]),
    ...whyItsHandlerStayed(evidence),
    ...(isCertain ? [] : [neverReached(evidence)]),
  ];
}

function whyItsHandlerStayed(evidence: Evidence): readonly string[] {
  const { observation, close, termination, appHandlesSignal } = evidence;
  const { stopSignal } = observation.target;
  const lastAcceptedMs = (close.lastAcceptedUs - observation.t0Us) / 1000;
  const accepting = lastAcceptedMs > (termination.exitedAtMs ?? Infinity) - observation.plan.graceMs / 2;
  if (appHandlesSignal === true && !hasClosedEarly(evidence) && accepting)
    return [`its handler for ${stopSignal} never closes the listener: it accepted connections to the end`];
  if (appHandlesSignal === true && lostAfterSignal(evidence).length > 0)
    return [`its handler for ${stopSignal} does not keep it from taking new jobs: it began some to the end`];
  return [`its handler for ${stopSignal} does not end the process`, ...clientsStayed(evidence), whatElse(evidence)];
}

/** Where the listener is closed, connections with nothing left to answer may be what keeps it. */
function clientsStayed(evidence: Evidence): readonly string[] {
  const idle = closedByMs(evidence) === null || openFromBefore(evidence) > 0 ? 0 : idleAtEnd(evidence);
  return idle === 0
    ? []
    : [`it waits for clients that stay: ${count(idle, 'idle connection')} of theirs, open to the end`];
}

function neverReached({ pid1, between, observation }: Evidence): string {
  const { stopSignal } = observation.target;
  const above = [pid1, ...between].filter((one) => one !== null);
  const never = 'the signal never reached the process that serves';
  const wrapper = above.map(wrapperName).find((name) => name !== null);
  if (wrapper !== undefined) return `${never}: ${tick(wrapper)} did not pass it on`;
  const hasTrap = above.some((one) => roleOf(one) === 'shell' && catches(one, stopSignal));
  return `${never}${hasTrap ? ': a shell runs its trap only when the command in the foreground is done' : ''}`;
}

/** What it may have waited for when no request was left, as far as its open connections tell. */
function whatElse({ observation, grounds }: Evidence): string {
  const waits = 'it waits for something other than requests';
  const open = openAtEnd(observation, grounds.sigkill);
  if (open === null) return `${waits}, such as a timer or a database connection`;
  if (open.outbound.length === 0) return `${waits}, such as a timer; it had no connection of its own open at the end`;
  const peers = open.outbound.map(({ peer }) => peer);
  const shown = peers.slice(0, MAX_PEERS).join(', ');
  const more = peers.length > MAX_PEERS ? ` and ${peers.length - MAX_PEERS} more` : '';
  return peers.length === 1
    ? `${waits}: a connection to ${shown} was open to the end`
    : `${waits}: connections to ${shown}${more} were open to the end`;
}

/** What may have cut requests off without any SIGKILL. */
function whyItCut(evidence: Evidence): readonly string[] {
  const { stopSignal } = evidence.observation.target;
  if (lostWithIt(evidence) === 0) {
    return [
      `its handler for ${stopSignal} closes connections that still owe an answer`,
      'one of its processes ended before the others, with requests in it',
    ];
  }
  const killer = killerInside(evidence);
  if (killer !== null)
    return [`${killer.sender.name} ended it by SIGKILL ${seconds(killer.atMs)} after the stop, before it was done`];
  if (evidence.tornDown === false && hasReachedApp(evidence) === false)
    return [`what is in front of the app ended it by another way than ${stopSignal}, which never reached it`];
  return [
    `the app exits on ${stopSignal} without waiting for its ${evidence.grounds.lostJobs.length > 0 ? 'jobs' : 'requests'}`,
    ...whoLeftEarly(evidence),
  ];
}

function whoLeftEarly(evidence: Evidence): readonly string[] {
  const { app, tornDown } = evidence;
  if (isLongBelowSupervisor(evidence))
    return ['the supervisor killed it when its `stopwaitsecs` was over, before it was done'];
  if (tornDown === false) return [];
  return app?.isPid1 === true
    ? ['PID 1 left before its workers were done']
    : ['PID 1 left before the app was done: it has to `wait` for it, or `exec` it'];
}
