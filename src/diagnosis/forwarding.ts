import { stopperOf } from '../plan/terms.ts';
import { type Evidence, hasReachedApp, isCaughtBy, killerInside } from './evidence.ts';
import { endedAfterMs, hasClosedEarly } from './timing.ts';
import type { Finding } from './finding.ts';
import { appOf, common, pid1Of } from './names.ts';
import { diesOf, isPackageManager, isSupervisor, roleOf, wrapperName } from './processes.ts';
import { withoutShell, withoutWrapper } from './remedy.ts';
import { lastToLeave } from './remedy-teardown.ts';
import { say } from './say.ts';
import { leftItsWorkers } from './who-left-first.ts';

/** A trap passes it on, unless the shell waits for its command in the foreground: then it never runs. */
export function shellIsPid1(evidence: Evidence): Finding | null {
  const { grounds, pid1, pid1Role, app, observation } = evidence;
  const hasTrap = isCaughtBy(pid1, evidence);
  const isKept = !hasTrap || (hasReachedApp(evidence) === false && evidence.signalInPlace === null);
  if (!grounds.sigkill || pid1Role !== 'shell' || app?.isPid1 !== false || !isKept) return null;
  return say('error', 'SHELL_IS_PID1', {
    ...common(evidence),
    pid1: pid1Of(evidence),
    hasTrap,
    graceMs: observation.plan.graceMs,
    remedy: withoutShell(observation, appOf(evidence)),
  });
}

/** It goes before the teardown that it brings about, for what has to change is the wrapper. */
export function signalNotForwarded(evidence: Evidence): Finding | null {
  const { pid1, pid1Role, grounds, tornDown, observation } = evidence;
  if (pid1 === null || pid1Role !== 'wrapper' || hasClosedEarly(evidence)) return null;
  const isSupervised = isSupervisor(pid1);
  // A supervisor does pass it on, to its own children: only one that is a shell keeps it from the app.
  if (isSupervised && !hasShellThatDies(evidence)) return null;
  const reached = hasReachedApp(evidence);
  const wasTold = reached === true || evidence.signalInPlace !== null;
  // Of others it is known only from the kernel: pm2 and the like may have passed it on to an app that stayed.
  const keepsIt = reached === false || isSupervised || isPackageManager(pid1);
  const isItsDoing = grounds.sigkill ? keepsIt && !wasTold : reached === false || tornDown === true;
  if (!isItsDoing) return null;
  return say('error', 'SIGNAL_NOT_FORWARDED', {
    ...common(evidence),
    pid1: pid1.command,
    how: grounds.sigkill ? 'forced' : tornDown === true ? 'torn-down' : 'unlearned',
    isSupervised,
    remedy: withoutWrapper(wrapperName(pid1) ?? pid1.command, appOf(evidence), observation.plan),
  });
}

/** Whoever is PID 1, and whether or not the signal had reached the app. */
export function namespaceTeardown(evidence: Evidence): Finding | null {
  const { grounds, tornDown, app, termination, observation } = evidence;
  // A primary that was killed itself did not leave its workers.
  if (grounds.sigkill || tornDown !== true || killerInside(evidence) !== null) return null;
  return say('error', 'NAMESPACE_TEARDOWN', {
    ...common(evidence),
    pid1: pid1Of(evidence),
    what: app && leftItsWorkers(app, observation) ? 'workers' : 'app',
    reached: hasReachedApp(evidence),
    afterMs: endedAfterMs(evidence, evidence.pid1?.pid),
    exitCode: termination.exitCode,
    looksClean: termination.exitCode !== null && !grounds.badExitCode,
    stopper: stopperOf(observation.plan),
    remedy: lastToLeave(evidence),
  });
}

/** Whether a shell stands between PID 1 and the app, and dies of the signal in the app's place. */
function hasShellThatDies({ between, observation }: Evidence): boolean {
  return between.some((one) => roleOf(one) === 'shell' && diesOf(one, observation.target.stopSignal));
}
