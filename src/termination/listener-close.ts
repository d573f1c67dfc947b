import type { TerminationRecord } from '../result.ts';

/** When the app closed its listener of its own accord; null where it did not, or only because it was killed. */
export function listenerClosedAtMs(termination: TerminationRecord): number | null {
  const { listenerClosedAtMs: closedAtMs, exitedAtMs, signals } = termination;
  const killedAtMs = signals.find(({ signal }) => signal === 'SIGKILL')?.atMs ?? exitedAtMs;
  return closedAtMs !== null && (killedAtMs === null || closedAtMs < killedAtMs) ? closedAtMs : null;
}
