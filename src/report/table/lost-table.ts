import { OUTCOMES, type Outcome, type OutcomeCounts } from '../../load/outcomes.ts';
import type { RunRecord } from '../../result.ts';
import { type Look, heading, paint } from '../look.ts';
import { plainTable } from './tables.ts';
import { remarksOn } from '../remarks.ts';
import { paragraph, whole } from '../text.ts';
import { endedBefore } from '../totals.ts';

/** What the rows of a table are called. */
export const LABELS: Readonly<Record<Outcome, string>> = {
  completed: 'completed',
  rejected: 'rejected (503, 429)',
  badStatus: 'unexpected status',
  lost: 'lost, no answer began',
  truncated: 'truncated answer',
  refused: 'refused connection',
  timedOut: 'timed out',
  ambiguous: 'ambiguous',
};

/** What became of the requests and when: a row for each outcome that there was. */
export function lostTable(run: RunRecord, look: Look): string {
  const { requests, termination } = run;
  const { byPhase, byConnection } = requests;
  const preStop = termination.preStop === null ? [] : [{ head: 'preStop', counts: byPhase.preStop }];
  const columns = [
    { head: 'before', counts: endedBefore(run) },
    ...preStop,
    { head: 'in flight\nat signal', counts: byPhase.inFlight },
    { head: 'after', counts: byPhase.after },
    { head: 'fresh\nconn.', counts: byConnection.fresh },
    { head: 'pooled\nconn.', counts: byConnection.pooled },
  ];
  const shown = OUTCOMES.filter((outcome) => outcome === 'completed' || requests[outcome] > 0);
  const rows = shown.map((outcome) => [
    LABELS[outcome],
    ...columns.map(({ counts }) => cell(outcome, counts, look)),
    whole(requests[outcome]),
  ]);
  const head = ['', ...columns.map((column) => column.head), 'all'];
  const table = plainTable(head, rows, ['left', ...head.slice(1).map(() => 'right' as const)], look);
  return [
    heading(look, 'Requests'),
    table,
    ...remarksOn(run).map((remark) => paragraph(remark, look.width, '  ')),
  ].join('\n');
}

/** How many ended so, red where that is bad. */
export function cell(outcome: Outcome, counts: OutcomeCounts, look: Look): string {
  const count = counts[outcome];
  if (count === 0) return look.unicode ? '·' : '.';
  return outcome === 'completed' || outcome === 'refused' ? whole(count) : paint(look, 'red', whole(count));
}
