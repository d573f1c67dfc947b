import type { Comparison } from '../baseline/record.ts';
import { OUTCOMES } from '../load/outcomes.ts';
import type { Series } from '../repeat/record.ts';
import { costOf, type Result, type RunRecord } from '../result.ts';
import type { Case } from './cases.ts';
import { cell, code, inline, type Part, tableOf } from './markdown-text.ts';
import { LABELS } from './table/lost-table.ts';
import { endText } from './ended.ts';
import { plural, time, whole } from './text.ts';
import { endedBefore } from './totals.ts';

const HEADS = { before: 'before', preStop: 'preStop', inFlight: 'in flight at the signal', after: 'after' } as const;

/** What became of the requests, and how it ended; of several runs that of the worst. A budget and a roll-out have figures of another kind. */
export function figures({ kind, record }: Case): readonly Part[] {
  if (!('termination' in record) || kind === 'budget') return [];
  const ofWorst = kind === 'repeat' ? 'Of the worst run:\n\n' : '';
  const text = record.requests.sent === 0 ? jobs(record) : `${requests(record)}\n\n${inline(endText(record))}.`;
  return [{ text: `${ofWorst}${text}`, what: 'the figures' }];
}

function jobs(run: RunRecord): string {
  return `${inline(endText(run))}; ${plural(costOf(run), 'job')} lost.`;
}

function requests(run: RunRecord): string {
  const { requests: all, termination } = run;
  const byPhase = { ...all.byPhase, before: endedBefore(run) };
  const preStop = termination.preStop === null ? [] : (['preStop'] as const);
  const phases = ['before', ...preStop, 'inFlight', 'after'] as const;
  const rows = OUTCOMES.filter((outcome) => all[outcome] > 0).map((outcome) => [
    LABELS[outcome],
    ...phases.map((phase) => whole(byPhase[phase][outcome])),
    whole(all[outcome]),
  ]);
  return tableOf(['requests', ...phases.map((phase) => HEADS[phase]), 'all'], rows);
}

/** Each target then and now, what is worse before that. */
export function baselineParts({ baseline }: Result): readonly Part[] {
  if (baseline === undefined) return [];
  const { file, startedAt, isUpdate, comparisons } = baseline;
  const lines = [
    `### Against the baseline ${code(file)} of ${inline(startedAt.slice(0, 10))}`,
    ...(isUpdate ? ['It was to be written anew: what is worse does not count.'] : []),
    ...worse(comparisons),
    ...(comparisons.length === 0 ? [] : [tableOf(COLUMNS, comparisons.flatMap(rowsOf))]),
  ];
  return [{ text: lines.join('\n\n'), what: 'the comparison with the baseline' }];
}

const COLUMNS = ['name', '', 'verdict', 'most lost', 'drain', 'cause'];

function worse(comparisons: readonly Comparison[]): readonly string[] {
  if (comparisons.length === 0) return ['Nothing in it compares with this check.'];
  const lines = comparisons.flatMap(({ name, regressions }) =>
    regressions.map(({ message }) => `- **Worse** ${inline(name)}: ${inline(message)}`),
  );
  return lines.length === 0 ? ['Nothing is worse than it was.'] : [lines.join('\n')];
}

function rowsOf({ name, was, is }: Comparison): readonly (readonly string[])[] {
  return [
    [cell(name), 'then', ...cellsOf(was)],
    ['', 'now', ...cellsOf(is)],
  ];
}

function cellsOf({ verdict, lost, drainMs, causes }: Series): readonly string[] {
  return [verdict, whole(lost.max), drainMs === null ? '' : time(drainMs.median), causes.map(code).join(', ')];
}
