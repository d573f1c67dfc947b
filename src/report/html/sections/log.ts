import type { RunRecord } from '../../../result.ts';
import { logMatcher } from '../../../witness/log-lines.ts';
import { plural, whole } from '../../text.ts';
import type { Moment } from '../drawing.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { type Place, section } from '../parts.ts';
import { moment } from './processes.ts';

/** The last lines count most. */
const MOST_LINES = 500;
/** A line is shown so far. */
const MOST_CHARACTERS = 500;

/** The target's output in time, with what happened between its lines. */
export function logSection({ observation }: RunRecord, moments: readonly Moment[], place: Place): Markup {
  const { logs, logLinesDropped, plan } = observation;
  if (logs.length === 0) return NOTHING;
  const isMatch = logMatcher(plan.logMatch);
  const shown = logs.slice(-MOST_LINES);
  const left = logs.length - shown.length + logLinesDropped;
  const lines = shown.map(({ atMs, text, stream }, nth) => ({
    atMs,
    kind: stream === 'stderr' ? 'error' : 'line',
    match: plan.logMatch.length > 0 && isMatch(shown[nth] ?? { atMs, text, stream }),
    text: text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text,
  }));
  const between = moments.map(({ atMs, text }) => ({ atMs, kind: 'moment', match: false, text }));
  const all = [...lines, ...between].toSorted((a, b) => a.atMs - b.atMs);
  const items = all.map(
    ({ atMs, kind, match, text }) =>
      markup`<li class="${kind}${match ? ' match' : ''}" data-at="${Math.round(atMs)}">${moment(atMs)} ${kind === 'error' ? markup`<span class="stream">stderr</span> ` : null}<span>${text}</span></li>\n`,
  );
  return section(
    place,
    'log',
    'Log',
    markup`<p class="note">What it wrote, and between that what happened; the list follows the stretch of time chosen above.${left > 0 ? ` ${plural(left, 'earlier line')} not shown.` : ''}${plan.logMatch.length > 0 ? ` ${whole(lines.filter(({ match }) => match).length)} match what was asked for.` : ''}</p>
<ol class="log" tabindex="0" aria-label="Log lines" data-log="${place.id}-drawing">
${items}</ol>
`,
  );
}
