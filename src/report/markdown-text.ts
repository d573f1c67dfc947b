import { harmless, harmlessLines } from './text.ts';

/**
 * Words from elsewhere in a line of Markdown: nothing in them is markup, mentions nobody and refers to no issue; what our
 * sentences set in backticks stays code.
 */
export function inline(text: string): string {
  return text
    .split('\n')
    .map(harmless)
    .join(' ')
    .split(/(`[^`]+`)/)
    .map((part, nth) => (nth % 2 === 1 ? codeSpan(part.slice(1, -1)) : escape(part)))
    .join('');
}

/** In a table's cell a bar ends it even within code. */
function codeSpan(code: string): string {
  return `\`${code.replaceAll('|', '\\|')}\``;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]|~$]/g, '\\$&')
    .replace(/^(\s*)([#+-]|\d+\.)(?=\s|$)/, '$1\\$2')
    .replace(/([@#])(?=\w)/g, '$1<!-- -->')
    .replace(/\b(https?|www)(?=[:.])/gi, '$1<!-- -->');
}

/** A table; cells are Markdown already. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text as it is; its fence is longer than any in it. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${harmlessLines(text).trimEnd()}\n${fence}`;
}

/** As many whole parts as there is room for; what was left out is said in place of the rest. */
export function fitted(parts: readonly string[], mostCharacters: number): string {
  const last = parts.at(-1) ?? '';
  let text = '';
  let left = 0;
  for (const part of parts.slice(0, -1)) {
    if (left === 0 && text.length + part.length + last.length + 200 <= mostCharacters) text += `${part}\n\n`;
    else left += 1;
  }
  const note =
    left === 0
      ? ''
      : `_${left} more ${left === 1 ? 'part is' : 'parts are'} left out here; the saved result has all._\n\n`;
  return `${text}${note}${last}\n`;
}
