import type { TimelineRecord } from '../../../result.ts';
import { LABELS } from '../../table/lost-table.ts';
import { time, whole } from '../../text.ts';
import type { Drawing } from '../drawing.ts';
import { jsonFor, type Markup, markup, NOTHING } from '../markup.ts';
import { folded, NONE, number, type Place, section, table } from '../parts.ts';
import type { Request } from '../seen.ts';

/** Rows of the table that says the same as the drawing. */
const ROWS = 12;
/** The ledger beside the result has every one. */
const MOST_FAILED = 200;

/** The drawing, and the same as tables, so that nothing is only in a picture. */
export function timelineSection(
  drawing: Drawing,
  timeline: TimelineRecord,
  requests: readonly Request[] | null,
  zero: string,
  place: Place,
): Markup {
  const id = `${place.id}-drawing`;
  return section(
    place,
    'timeline',
    'Timeline',
    markup`<p class="note">${noteOf(drawing)} 0 is ${zero}.</p>`,
    zoomPart(drawing, id),
    markup`<div class="drawing" data-drawing="${id}"><noscript>The drawing needs JavaScript; the tables below say the same.</noscript></div>
<script type="application/json" id="${id}">${jsonFor(drawing)}</script>
`,
    folded(
      'The timeline as tables',
      markup`${momentTable(drawing)}${laneTable(drawing)}${countTable(timeline, drawing)}${failedTable(requests)}`,
    ),
  );
}

function noteOf({ buckets }: Drawing): string {
  return buckets === null
    ? 'Each mark is a request, where it ended and as high as it took; where there are too many, a darker cell has more.'
    : 'Drawn from the counts that are saved: there is no record of each request here.';
}

/** Radio buttons, which a keyboard works as well. */
function zoomPart({ views }: Drawing, id: string): Markup {
  if (views.length < 2) return NOTHING;
  const choices = views.map(
    (view, nth) =>
      markup`<label><input type="radio" name="${id}-view" value="${view.id}"${nth === 0 ? { html: ' checked' } : null}> ${view.label}</label>\n`,
  );
  return markup`<fieldset class="zoom" data-zoom="${id}"><legend>Show</legend>\n${choices}</fieldset>\n`;
}

function momentTable({ moments }: Drawing): Markup {
  const rows = moments.map(({ atMs, text }) => [text, time(atMs)]);
  return table('What happened', ['', number('at')], rows);
}

function laneTable({ lanes }: Drawing): Markup {
  const rows = lanes.map(({ label, untilMs, signals }) => [
    label,
    signals.map(({ text, atMs }) => `${text} at ${time(atMs)}`).join('; ') || NONE,
    time(untilMs),
  ]);
  return table('Signals that the processes got', ['process', 'signals', number('ended')], rows);
}

/** Sums of several of the saved buckets. */
function countTable({ fromMs, bucketMs, completed, failed, refused, inFlight }: TimelineRecord, drawing: Drawing) {
  const per = Math.max(1, Math.ceil(completed.length / ROWS));
  const at = (bucket: number): string => time(fromMs + bucket * bucketMs);
  const sum = (counts: readonly number[], from: number): string =>
    whole(counts.slice(from, from + per).reduce((all, count) => all + count, 0));
  const rows = Array.from({ length: Math.ceil(completed.length / per) }, (_, nth) => {
    const from = nth * per;
    const cells = [completed, failed, refused].map((counts) => sum(counts, from));
    return [`${at(from)} to ${at(Math.min(from + per, completed.length))}`, ...cells, whole(most(inFlight, from, per))];
  });
  const ended =
    drawing.inFlightLabel === 'in flight' ? ['completed', 'failed', 'refused'] : ['finished', 'lost', 'refused'];
  return table(
    'How many ended when',
    ['time', ...ended.map(number), number(`${drawing.inFlightLabel}, at most`)],
    rows,
  );
}

function most(counts: readonly number[], from: number, length: number): number {
  return Math.max(0, ...counts.slice(from, from + length));
}

function failedTable(requests: readonly Request[] | null): Markup {
  const failed = (requests ?? []).filter(({ outcome, isBefore }) => outcome !== 'completed' && !isBefore);
  const shown = failed.slice(0, MOST_FAILED);
  const rows = shown.map((one) => [
    LABELS[one.outcome],
    time(one.sentMs),
    time(one.endMs),
    time(one.tookMs),
    one.connection,
    one.beside || NONE,
  ]);
  const more = failed.length > shown.length ? ` (the first ${whole(shown.length)} of ${whole(failed.length)})` : '';
  return table(
    `Requests that were not completed${more}`,
    ['outcome', number('left at'), number('ended at'), number('took'), 'connection', 'beside'],
    rows,
  );
}
