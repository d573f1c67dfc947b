import { OUTCOMES, type OutcomeCounts } from '../../../load/outcomes.ts';
import type { LatencyRecord, RunRecord } from '../../../result.ts';
import { remarksOn } from '../../remarks.ts';
import { LABELS } from '../../table/lost-table.ts';
import { jobLines } from '../../table/unloaded.ts';
import { time, whole } from '../../text.ts';
import { endedBefore } from '../../totals.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { NONE, number, type Place, section, SENTENCES, sentencesOf, table } from '../parts.ts';

/** What became of the requests and when: a row for each outcome that there was; of a worker, of its jobs. */
export function requestsSection(run: RunRecord, place: Place): Markup {
  if (run.jobs !== null) return section(place, 'requests', 'Jobs', sentencesOf(jobLines(run, SENTENCES)));
  const { requests, termination } = run;
  if (requests.sent === 0) return NOTHING;
  const { byPhase, byConnection } = requests;
  const remarks = remarksOn(run).length === 0 ? NOTHING : markup`<p>${remarksOn(run).join(' ')}</p>`;
  const columns = [
    { head: 'before', counts: endedBefore(run) },
    ...(termination.preStop === null ? [] : [{ head: 'in preStop', counts: byPhase.preStop }]),
    { head: 'in flight at the signal', counts: byPhase.inFlight },
    { head: 'after', counts: byPhase.after },
    { head: 'fresh connection', counts: byConnection.fresh },
    { head: 'pooled connection', counts: byConnection.pooled },
  ];
  return section(place, 'requests', 'Requests', outcomeTable(requests, columns), remarks);
}

interface CountColumn {
  readonly head: string;
  readonly counts: OutcomeCounts;
}

/** A row for each outcome that there was, and its sum at the end. */
export function outcomeTable(all: OutcomeCounts, columns: readonly CountColumn[]): Markup {
  const shown = OUTCOMES.filter((outcome) => outcome === 'completed' || all[outcome] > 0);
  const cell = (count: number): string => (count === 0 ? NONE : whole(count));
  return table(
    'Requests by how and when they ended',
    ['', ...columns.map(({ head }) => number(head)), number('all')],
    shown.map((outcome) => [
      LABELS[outcome],
      ...columns.map(({ counts }) => cell(counts[outcome])),
      whole(all[outcome]),
    ]),
  );
}

/** How long answers took, a row for each time; with a drawing beside it where each request is known. */
export function latencySection(
  rows: readonly (readonly [label: string, LatencyRecord])[],
  drawingId: string | null,
  place: Place,
): Markup {
  if (rows.every(([, { p50 }]) => p50 === null)) return NOTHING;
  const cell = (ms: number | null): string => (ms === null ? NONE : time(ms));
  return section(
    place,
    'latency',
    'Latency before and after',
    drawingId === null ? NOTHING : markup`<div class="drawing" data-latency="${drawingId}"></div>`,
    table(
      'Time to the whole answer',
      ['', number('p50'), number('p99'), number('max')],
      rows.map(([label, { p50, p99, max }]) => [label, cell(p50), cell(p99), cell(max)]),
    ),
    markup`<p class="note">Counted from the time that the schedule says, so that a stall cannot hide behind a late client.</p>`,
  );
}
