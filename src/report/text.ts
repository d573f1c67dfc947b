import { stripVTControlCharacters } from 'node:util';

/** `1,103`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 request`, `3 requests`. */
export function plural(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0.9 ms`, `21 ms`, `310 ms`, `1.25 s`, `10.0 s`: as exact as it helps. For what was measured. */
export function time(ms: number): string {
  const size = Math.abs(ms);
  if (size < 10 && !Number.isInteger(ms)) return `${ms.toFixed(1)} ms`;
  if (size < 999.5) return `${Math.round(ms)} ms`;
  if (size < 9_995) return `${(ms / 1_000).toFixed(2)} s`;
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** `10 s`, `500 ms`: for what was asked for. */
export function period(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

/** Text from elsewhere (a command, a log line) without what would move the cursor or colour the terminal. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\t/g, '  ')
    .replace(/\p{Cc}/gu, '');
}

/** A word of a command that is for copying: quoted where a shell would take it apart. */
export function shellWord(text: string): string {
  const word = harmless(text);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command as one types it into a shell. */
export function asTyped(command: readonly string[]): string {
  return command.map(shellWord).join(' ');
}

/** Cut to a width, with the cut shown. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}

/** Where a line may end; not between a number and its unit. */
const BREAKS = / (?!(?:ms|s)\b)/;

/** Words in lines of at most `width` columns; each line of the text begins anew, and an overlong word is left whole. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(BREAKS)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Wrapped and indented; `first` stands in the indent of the first line. */
export function paragraph(text: string, width: number, first = '', indent = first.length): string {
  return wrap(harmlessLines(text), width - indent)
    .map((line, index) => (index === 0 ? first.padEnd(indent) : ' '.repeat(indent)) + line)
    .join('\n');
}

/** `harmless` for a text of several lines. */
export function harmlessLines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}

/** A code in lines of at most `width` columns, broken after its underscores. */
export function breakCode(code: string, width: number): string {
  const lines: string[] = [];
  for (const part of code.split(/(?<=_)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= width) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.join('\n');
}
