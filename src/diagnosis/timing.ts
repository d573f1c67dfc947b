import { exitedAtMs } from '../kernel-record.ts';
import type { Evidence } from './evidence.ts';
import { catches, isSupervisor } from './processes.ts';
import { listenerClosedBetween } from './sockets.ts';

/** Death by a signal's default action takes no time; what ends later than this did something first. */
export const AT_ONCE_MS = 500;

/** When the listener had closed: as the load found, or as was seen in the target; null where neither saw it. */
export function closedByMs({ close, observation }: Pick<Evidence, 'close' | 'observation'>): number | null {
  if (close.firstRefusedUs !== null) return (close.firstRefusedUs - observation.t0Us) / 1000;
  return listenerClosedBetween(observation)?.byMs ?? null;
}

/** When PID 1 was first seen with a handler that it had lacked about the signal; null where that was not seen. */
export function handlerAtMs({ pid1, observation }: Pick<Evidence, 'pid1' | 'observation'>): number | null {
  const caught = observation.snapshots.flatMap(({ atMs, processes }) => {
    const caughtThen = catches(
      processes.find(({ pid }) => pid === pid1?.pid),
      observation.target.stopSignal,
    );
    return caughtThen === null ? [] : [{ atMs, caughtThen }];
  });
  const lacking = caught.findIndex(({ caughtThen }) => !caughtThen);
  const later = lacking < 0 ? undefined : caught.slice(lacking).find(({ caughtThen }) => caughtThen);
  return later?.atMs ?? null;
}

/** Whether the listener was closed long before the end: then the signal did reach the app. */
export function hasClosedEarly(evidence: Pick<Evidence, 'close' | 'observation' | 'termination'>): boolean {
  const closedMs = closedByMs(evidence);
  const endedMs = processEndedAtMs(evidence);
  return closedMs !== null && endedMs !== null && closedMs < endedMs - AT_ONCE_MS;
}

/**
 * Whether a supervisor may have ended the app by SIGKILL, for what was cut was cut only a while after the signal. With the
 * kernel's record it is known who did.
 */
export function isLongBelowSupervisor({ pid1, observation, cutAtEnd, termination }: Evidence): boolean {
  if (pid1 === null || !isSupervisor(pid1) || observation.kernel.kind === 'traced') return false;
  const cutMs = cutAtEnd.map(({ endUs }) => (endUs - observation.t0Us) / 1000);
  const lostAtMs = cutMs.length > 0 ? Math.max(...cutMs) : (processEndedAtMs({ termination, observation }) ?? Infinity);
  return lostAtMs - observation.signalByMs >= AT_ONCE_MS;
}

/** From the signal to the end of the last process, or of one, milliseconds: at most, where the kernel was not asked; null where unknown. */
export function endedAfterMs({ termination, observation }: Evidence, pid: number | null = null): number | null {
  const recordedAtMs = pid === null ? null : exitedAtMs(observation, pid);
  const endedAtMs = recordedAtMs ?? processEndedAtMs({ termination, observation });
  return endedAtMs === null ? null : Math.max(0, endedAtMs - observation.signalFromMs);
}

/** Whether the end came so soon after the signal that nothing was done first. */
export function wasAtOnce(evidence: Evidence): boolean {
  return (processEndedAtMs(evidence) ?? Infinity) - evidence.observation.signalByMs < AT_ONCE_MS;
}

/** When the process ended, from T0; the engine's word of it, which a busy machine delays, only where nothing else tells. */
function processEndedAtMs({ termination, observation }: Pick<Evidence, 'termination' | 'observation'>): number | null {
  return observation.exit.processEndedAtMs ?? termination.exitedAtMs;
}
