import { type Evidence, hasClosedEarly } from './evidence.ts';
import type { Finding } from './finding.ts';
import { say } from './say.ts';

/** Where no rule matches: what it could be, and what would tell. */
export function causeUnclear(evidence: Evidence): Finding {
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
