import { harmless, harmlessLines } from './text.ts';

/**
 * Words from elsewhere in a line of Markdown: nothing in them is markup, mentions nobody and refers to no issue; what our
 * sentences set in backticks stays code.
 */
export function inline(text: string): string {
  return withCode(text, (words) => `\`${words}\``);
}

/** The same in a cell of a table, which a bar ends even within code. */
export function cell(text: string): string {
  return withCode(text, (words) => `\`${words.replaceAll('|', '\\|')}\``);
}

/** A name from elsewhere as code. */
export function code(text: string): string {
  const words = oneLine(text).replaceAll('`', "'");
  return words === '' ? '' : `\`${words}\``;
}

function withCode(text: string, asCode: (words: string) => string): string {
  return oneLine(text)
    .split(/(`[^`]+`)/)
    .map((part, nth) => (nth % 2 === 1 ? asCode(part.slice(1, -1)) : escape(part)))
    .join('');
}

function oneLine(text: string): string {
  return text.toWellFormed().split('\n').map(harmless).join(' ').trim();
}

/** At the beginning of a line more is markup than within. */
function escape(text: string): string {
  return harmlessHtml(text.replace(/[\\`*_{}[\]|~$]/g, '\\$&'))
    .replace(/^(\s*)([#+=-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

/** Words from elsewhere where Markdown is not read, as in a summary. */
export function asHtml(text: string): string {
  return harmlessHtml(oneLine(text));
}

/** An empty comment parts what would become a mention or a link. */
function harmlessHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/([@#])(?=\w)/g, '$1<!-- -->')
    .replace(/\b(GH)(?=-\d)/gi, '$1<!-- -->')
    .replace(/\b(https?|ftp|www)(?=[:.])/gi, '$1<!-- -->');
}

/** A table; cells are Markdown already. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text as it is; its fence is longer than any in it. */
export function codeBlock(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${harmlessLines(text.toWellFormed()).trimEnd()}\n${fence}`;
}

/** Folded away; the summary is HTML already. */
export function details(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Something that stands or falls as a whole: a fence or a table that is cut would take what follows with it. */
export interface Part {
  readonly text: string;
  /** What is left out with it, continuing "Left out for want of room: …". */
  readonly what: string;
}

/** The parts that there is room for, in their order, and the last; what was left out is said before that. */
export function fitted(parts: readonly Part[], last: string, mostCharacters: number): string {
  const kept: string[] = [];
  const left: string[] = [];
  // Room for the note, whose names are cut.
  let free = mostCharacters - last.length - 500;
  for (const { text, what } of parts) {
    if (text.length + 2 > free) left.push(what);
    else {
      free -= text.length + 2;
      kept.push(text);
    }
  }
  return `${[...kept, ...noteOf(left), last].join('\n\n')}\n`;
}

function noteOf(left: readonly string[]): readonly string[] {
  const named = left.slice(0, 3).map((what) => asHtml(what.slice(0, 80)));
  const others = left.length > named.length ? ` and ${left.length - named.length} more` : '';
  return left.length === 0
    ? []
    : [`<em>Left out for want of room: ${named.join(', ')}${others}. The saved result has all of it.</em>`];
}
