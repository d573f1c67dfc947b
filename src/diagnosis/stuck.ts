import { endsWithProcess } from '../load/classify.ts';
import { isAnswered } from '../load/outcomes.ts';
import { type Evidence, openFromBefore } from './evidence.ts';
import { closedByMs } from './timing.ts';
import type { Finding } from './finding.ts';
import { common } from './names.ts';
import { programName } from './processes.ts';
import { say } from './say.ts';
import { openAtEnd } from './sockets.ts';

/** All from before the signal was answered, the listener is closed, and connections that clients kept were there to the end. */
export function stuckOnConnections(evidence: Evidence): Finding | null {
  const { app, grounds, judged, observation } = evidence;
  const closedMs = closedByMs(evidence);
  // What failed before the signal too may be what was open.
  if (grounds.unhealthy) return null;
  if (!grounds.sigkill || openFromBefore(evidence) > 0 || closedMs === null) return null;
  const closedUs = atUs(observation, closedMs);
  const late = judged.filter(
    ({ phase, reused, endUs, outcome }) => phase === 'after' && reused && isAnswered(outcome) && endUs > closedUs,
  );
  const held = grounds.heldCut.filter(({ endedAtMs }) =>
    endsWithProcess(observation, atUs(observation, endedAtMs ?? 0)),
  );
  const idle = idleAtEnd(evidence);
  if (late.length + held.length + idle === 0) return null;
  // Of connections that were only there, its own may be what it waited for as well.
  const isGuess =
    late.length + held.length === 0 && (openAtEnd(observation, grounds.sigkill)?.outbound.length ?? 0) > 0;
  if (isGuess) return null;
  return say('error', 'STUCK_ON_CONNECTIONS', {
    ...common(evidence),
    held: held.map(({ kind, path }) => `${kind}:${path}`),
    answeredMs: evidence.termination.drainMs ?? 0,
    late: late.length,
    idle,
    graceMs: observation.plan.graceMs,
    isNode: app === null || programName(app).startsWith('node'),
  });
}

/** Clients' connections that were open to the end although nothing was being asked on them. */
export function idleAtEnd({ observation, grounds, cutAtEnd }: Evidence): number {
  const open = openAtEnd(observation, grounds.sigkill)?.inbound ?? 0;
  return Math.max(0, open - grounds.heldCut.length - grounds.parkedFailed.length - cutAtEnd.length);
}

/** A time from T0 on the ledger's clock. */
function atUs({ t0Us }: Evidence['observation'], ms: number): number {
  return t0Us + ms * 1000;
}
