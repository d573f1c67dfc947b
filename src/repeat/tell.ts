import { plural, time } from '../report/text.ts';
import { whyOf } from '../report/totals.ts';
import { costOf, type RunRecord } from '../result.ts';

/** How a run went, in short: `pass, drain 420 ms, exit after 510 ms`; `fail, SHELL_IS_PID1, 3 lost, SIGKILL`. */
export function tellRun(run: RunRecord): string {
  const { drainMs, exitedAtMs, sigkillFired } = run.termination;
  const cost = costOf(run);
  return [
    run.verdict,
    whyOf(run)?.code,
    cost > 0 ? `${plural(cost, run.jobs === null ? 'request' : 'job')} lost` : null,
    sigkillFired === true ? 'SIGKILL' : null,
    drainMs === null ? null : `drain ${time(drainMs)}`,
    exitedAtMs === null ? null : `exit after ${time(exitedAtMs)}`,
  ]
    .filter(Boolean)
    .join(', ');
}
