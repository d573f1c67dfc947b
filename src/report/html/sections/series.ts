import { groupsOf, type Group } from '../../../repeat/groups.ts';
import type { Spread } from '../../../repeat/record.ts';
import type { Comparison } from '../../../baseline/record.ts';
import type { Result } from '../../../result.ts';
import { ROWS } from '../../table/baseline.ts';
import { causesText, repeatSentence, worthText } from '../../table/repeat-words.ts';
import { time, whole } from '../../text.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { badge, list, NONE, number, section, SENTENCES, table } from '../parts.ts';

const PLACE = { id: 'all', level: 2 } as const;

/** What repeated checks come to, with the spread of what they lost and took. */
export function repeatsSection(result: Result): Markup {
  if (result.repeats === undefined) return NOTHING;
  const groups = groupsOf(result).filter(({ record }) => record.asked > 1);
  return section(PLACE, 'repeats', 'Repeated', ...groups.map((group) => groupPart(group)));
}

function groupPart({ record, runs }: Group): Markup {
  const cells = (spread: Spread | null, text: (value: number) => string): readonly string[] =>
    spread === null ? [NONE, NONE, NONE] : [text(spread.min), text(spread.median), text(spread.max)];
  const ended =
    record.ended.kind === 'complete'
      ? NOTHING
      : markup`<p>${record.ended.kind === 'broken' ? `Ended after ${whole(record.runs)} of ${whole(record.asked)} runs: ${record.ended.because}` : `Interrupted after ${whole(record.runs)} of ${whole(record.asked)} runs; what follows is of these.`}</p>`;
  return markup`<p>${badge(record.verdict)} <strong>${record.name}</strong>: ${repeatSentence(record, runs)}</p>
${ended}${list([...causesText(runs), ...worthText(record)].map((text) => markup`${text}`))}
${table(
  `Spread over ${whole(record.runs)} runs of ${record.name}; times are those of the ${whole(record.timed)} that ended by themselves`,
  ['', number('min'), number('median'), number('max')],
  [
    ['lost', ...cells(record.lost, whole)],
    ['drain', ...cells(record.drainMs, time)],
    ['exit', ...cells(record.exitedAtMs, time)],
  ],
)}`;
}

/** Each target then and now, and what is worse. */
export function baselineSection({ baseline }: Result): Markup {
  if (baseline === undefined) return NOTHING;
  const { file, startedAt, isUpdate, comparisons } = baseline;
  const note = `${file}, of ${startedAt.slice(0, 16).replace('T', ' ')} UTC.${isUpdate ? ' It was to be written anew: what is worse does not count.' : ''}`;
  const none = comparisons.length === 0 ? markup`<p>Nothing in it compares with this check.</p>` : NOTHING;
  return section(
    PLACE,
    'baseline',
    'Held against the baseline',
    markup`<p class="note">${note}</p>`,
    none,
    ...comparisons.map(comparisonPart),
  );
}

function comparisonPart({ name, was, is, regressions }: Comparison): Markup {
  const rows = ROWS.map(([label, read]) => [label, read(was, SENTENCES), read(is, SENTENCES)]);
  const nothing = is.verdict === 'inconclusive' ? 'This check could not tell.' : 'Nothing is worse than it was.';
  return markup`${table(`${name}: then and now`, ['', 'then', 'now'], rows)}
${regressions.length === 0 ? markup`<p>${nothing}</p>` : markup`<p><strong>Worse than it was:</strong></p>${list(regressions.map(({ message }) => markup`${message}`))}`}`;
}
