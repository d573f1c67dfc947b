import type { TimelineRecord } from '../../result.ts';
import { type Look, paint } from '../look.ts';
import { time, whole } from '../text.ts';

const LABEL = 12;
const PEAK = 12;
const BLOCKS = '▁▂▃▄▅▆▇█';
const LEVELS = '.:-=+*#@';

/** Of a span shorter than this, or of jobs, a rate says less than the count that it is made from. */
const SHORT_BUCKET_MS = 200;

/** Marks a line of the app's log; those after the first one stand in a section of their own. */
export const MATCH = 'M';

/** Something that happened, to be marked under the rows. */
export interface Mark {
  readonly letter: string;
  readonly atMs: number;
  readonly text: string;
}

/** What the rows of a drawing are called; an empty one has no row. */
type Labels = Readonly<Record<'completed' | 'failed' | 'refused' | 'inFlight', string>>;

export const REQUEST_LABELS: Labels = {
  completed: 'completed',
  failed: 'failed',
  refused: 'refused',
  inFlight: 'in flight',
};
export const JOB_LABELS: Labels = { completed: 'finished', failed: 'lost', refused: '', inFlight: 'under way' };

/** A row of blocks for each kind of ending, over time, and marks for what happened; nothing where there is no room. */
export function drawingLines(
  timeline: TimelineRecord,
  labels: Labels,
  marks: readonly Mark[],
  look: Look,
): readonly string[] {
  const columns = Math.min(timeline.completed.length, look.width - LABEL - PEAK);
  if (columns < 1) return [];
  return [
    ...rowsOf(timeline, labels, columns, look),
    ...markRows(marks, timeline, columns, look),
    ...legend(marks, look.width),
  ];
}

function rowsOf(timeline: TimelineRecord, labels: Labels, columns: number, look: Look): readonly string[] {
  const areRates = labels !== JOB_LABELS && timeline.bucketMs >= SHORT_BUCKET_MS;
  const kinds = [
    { label: labels.completed, values: timeline.completed, style: 'green', rate: areRates },
    { label: labels.failed, values: timeline.failed, style: 'red', rate: areRates },
    { label: labels.refused, values: timeline.refused, style: 'yellow', rate: areRates },
    { label: labels.inFlight, values: timeline.inFlight, style: 'cyan', rate: false },
  ] as const;
  return kinds
    .filter(({ values }) => values.some((value) => value > 0))
    .map(({ label, values, style, rate }) => {
      const peak = Math.max(...values);
      const peakText = rate ? `${whole((peak * 1_000) / timeline.bucketMs)}/s` : whole(peak);
      const drawn = paint(
        look,
        style,
        squeeze(values, columns)
          .map((value) => block(value, peak, look))
          .join(''),
      );
      return `  ${label.padEnd(LABEL - 2)}${drawn} max ${peakText}`;
    });
}

/** Fewer columns than buckets: each column shows the highest of its buckets, so that no short loss disappears. */
function squeeze(values: readonly number[], columns: number): readonly number[] {
  const start = (column: number): number => Math.floor((column * values.length) / columns);
  return Array.from({ length: columns }, (_, column) => Math.max(...values.slice(start(column), start(column + 1))));
}

function block(value: number, peak: number, look: Look): string {
  if (value <= 0) return ' ';
  const levels = look.unicode ? BLOCKS : LEVELS;
  return levels[Math.ceil((value / peak) * levels.length) - 1] ?? ' ';
}

/**
 * Marks that fall on the same column go into further rows: moving one aside would tell the wrong time. Of the log's, one
 * a column says enough.
 */
function markRows(marks: readonly Mark[], timeline: TimelineRecord, columns: number, look: Look): readonly string[] {
  const rows: string[][] = [];
  for (const { letter, atMs } of marks) {
    const part = (atMs - timeline.fromMs) / (endOf(timeline) - timeline.fromMs);
    const column = Math.min(columns - 1, Math.max(0, Math.floor(part * columns)));
    if (letter === MATCH && rows.some((cells) => cells[column] === MATCH)) continue;
    const row = rows.find((cells) => cells[column] === ' ') ?? newRow(rows, columns);
    row[column] = letter;
  }
  const rule = (look.unicode ? '─' : '-').repeat(columns);
  return [rule, ...rows.map((cells) => cells.join('').trimEnd())].map((line) => ' '.repeat(LABEL) + line);
}

function newRow(rows: string[][], columns: number): string[] {
  const row = Array.from({ length: columns }, () => ' ');
  rows.push(row);
  return row;
}

function legend(marks: readonly Mark[], width: number): readonly string[] {
  const lines: string[] = [];
  const first = marks.find(({ letter }) => letter === MATCH);
  const told = marks.filter((mark) => mark.letter !== MATCH || mark === first);
  for (const entry of told.map(({ letter, text, atMs }) => `${letter} ${text} ${time(atMs)}`)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + entry.length <= width) lines[lines.length - 1] = `${last}   ${entry}`;
    else lines.push(' '.repeat(LABEL) + entry);
  }
  return lines;
}

/** Where a drawing ends. */
export function endOf({ fromMs, bucketMs, completed }: TimelineRecord): number {
  return fromMs + bucketMs * completed.length;
}
