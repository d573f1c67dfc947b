import type { Verdict } from '../../result.ts';
import type { Look } from '../look.ts';
import { type Markup, markup, made, NOTHING, prose } from './markup.ts';

/** Sentences of the terminal's report, each on one line. */
export const SENTENCES: Look = { color: false, width: Number.POSITIVE_INFINITY, unicode: true };

/** What the sections of one run have in common. */
export interface Place {
  /** Begins every id in them, so that several runs fit into one page. */
  readonly id: string;
  /** Of the headings of its sections. */
  readonly level: 2 | 3;
}

/** A section under its heading; nothing where there is nothing in it. */
export function section(place: Place, name: string, title: string, ...content: readonly Markup[]): Markup {
  if (content.every(({ html }) => html === '')) return NOTHING;
  const id = `${place.id}-${name}`;
  return markup`<section class="${name}"${landmark(place, id)}>
${heading(place.level, title, id)}
${content}
</section>
`;
}

/** Of several runs the sections have the same names, so only a run that is the page has landmarks. */
export function landmark({ level }: Place, id: string): Markup {
  return level === 2 ? markup` aria-labelledby="${id}"` : NOTHING;
}

/** A heading of some level. */
export function heading(level: number, title: string, id: string): Markup {
  return markup`${made(`<h${level}`)} id="${id}">${title}${made(`</h${level}>`)}`;
}

/** The sentences of a section of the terminal's report, without its heading. */
export function sentencesOf(lines: readonly string[]): Markup {
  return list(lines.slice(1).map((line) => prose(line.trim())));
}

/** A list; nothing where it is empty. */
export function list(items: readonly Markup[]): Markup {
  return items.length === 0 ? NOTHING : markup`<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

/** A column of a table: its head, and whether it holds numbers. */
export type Column = string | { readonly head: string; readonly isNumber: true };

export function number(head: string): Column {
  return { head, isNumber: true };
}

/** A table that can be scrolled where it is too wide; the first cell of a row is what the row is called. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  if (rows.length === 0) return NOTHING;
  const classOf = (nth: number): string => (typeof columns[nth] === 'string' ? 'text' : 'number');
  const head = columns.map((column, nth) => {
    const text = typeof column === 'string' ? column : column.head;
    return text === '' ? markup`<td></td>` : markup`<th scope="col" class="${classOf(nth)}">${text}</th>`;
  });
  const row = (cells: readonly (string | Markup)[]): Markup =>
    markup`<tr>${cells.map((cell, nth) => (nth === 0 ? markup`<th scope="row" class="${classOf(nth)}">${cell}</th>` : markup`<td class="${classOf(nth)}">${cell}</td>`))}</tr>\n`;
  return markup`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map(row)}</tbody></table></div>
`;
}

/** Something to be opened. What matters on paper is opened for printing. */
export function folded(summary: string | Markup, content: Markup, isPrinted = false): Markup {
  return markup`<details${isPrinted ? made(' data-print') : null}><summary>${summary}</summary>
${content}
</details>
`;
}

const WORDS = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' } as const;

/** The verdict as a word in its colour. */
export function badge(verdict: Verdict): Markup {
  return markup`<strong class="verdict ${verdict}">${WORDS[verdict]}</strong>`;
}

/** `yes`, `no`, or that nobody knows. */
export function yesNo(value: boolean | null): string {
  return value === null ? '?' : value ? 'yes' : 'no';
}

/** What stands in a cell where there is nothing. */
export const NONE = '–';
