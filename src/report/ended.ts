import type { RunRecord } from '../result.ts';
import { time } from './text.ts';
import { signalsOf } from './totals.ts';

/** How a target ended, in a line: `SIGTERM at 18 ms, exit code 0 at 75 ms, drain 13 ms`. */
export function endText(run: RunRecord): string {
  const { exitCode, exitedAtMs, drainMs } = run.termination;
  return [
    ...signalsOf(run).map(({ signal, atMs }) => `${signal} at ${time(atMs)}`),
    `exit code ${exitCode ?? 'unknown'}${exitedAtMs === null ? '' : ` at ${time(exitedAtMs)}`}`,
    ...(drainMs === null ? [] : [`drain ${time(drainMs)}`]),
  ].join(', ');
}
