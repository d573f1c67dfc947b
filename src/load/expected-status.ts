import type { Observation } from '../observation.ts';
import { ENDING, type Ledger } from './ledger.ts';

/** A status is steady from this share of the answers on. */
const STEADY_SHARE = 0.05;

/** Whether a status is expected of a kind of request: as asked, or as the app gave it steadily before T0. */
export function expectedStatuses(
  ledger: Ledger,
  { plan, t0Us }: Pick<Observation, 'plan' | 't0Us'>,
): (kind: number, status: number) => boolean {
  const asked = plan.load.expectStatus;
  if (asked) return (_kind, status) => asked.includes(status);
  const seen = plan.load.requests.map(() => new Map<number, number>());
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.ending[row] !== ENDING.answered || (ledger.endUs[row] ?? 0) >= t0Us) continue;
    const byStatus = seen[ledger.kind[row] ?? 0];
    const status = ledger.status[row] ?? 0;
    byStatus?.set(status, (byStatus.get(status) ?? 0) + 1);
  }
  const steady = seen.map(steadyOf);
  return (kind, status) => {
    const statuses = steady[kind];
    // A kind that never ended before the signal has no history; then success is what it takes.
    return statuses && statuses.size > 0 ? statuses.has(status) : status >= 200 && status < 400;
  };
}

function steadyOf(byStatus: ReadonlyMap<number, number>): ReadonlySet<number> {
  const total = [...byStatus.values()].reduce((sum, count) => sum + count, 0);
  const steady = [...byStatus].filter(
    ([status, count]) => status < 500 && status !== 429 && count >= total * STEADY_SHARE,
  );
  return new Set(steady.map(([status]) => status));
}
