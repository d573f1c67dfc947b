/** An instruction of a Dockerfile. */
export interface Instruction {
  /** Of its first line, from 1. */
  readonly line: number;
  /** Of its last line, a heredoc's body included. */
  readonly endLine: number;
  /** In capitals: `RUN`. */
  readonly keyword: string;
  /** On one line: continuations joined, comments between them left out, runs of blanks made one. */
  readonly text: string;
  /** The same as the builder reads it, blanks and quotes untouched. */
  readonly source: InstructionSource;
}

/** An instruction's text, and the lines that it was put together from. */
export interface InstructionSource {
  readonly text: string;
  /** Where in the text (from 0) each line begins; a line is taken from its first column on. */
  readonly pieces: readonly { readonly at: number; readonly line: number }[];
}

/** Splits a Dockerfile into its instructions, as far as is needed to find one again. It does not check them. */
export function parseInstructions(dockerfile: string): readonly Instruction[] {
  const lines = linesOf(dockerfile);
  const escape = /^#\s*escape\s*=\s*`/im.test(directives(lines)) ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (isBlankOrComment(lines[at] ?? '')) continue;
    const { source, endLine } = joinLines(lines, at, escape);
    const text = oneLine(source.text);
    instructions.push({ line: at + 1, endLine, keyword: (text.split(' ')[0] ?? '').toUpperCase(), text, source });
    at = endLine - 1;
  }
  return instructions;
}

function joinLines(
  lines: readonly string[],
  from: number,
  escape: string,
): { readonly source: InstructionSource; readonly endLine: number } {
  const pieces: { at: number; line: number }[] = [];
  let text = '';
  let at = from;
  for (let goesOn = true; goesOn && at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trimEnd();
    if (at > from && isBlankOrComment(line)) continue;
    goesOn = line.endsWith(escape);
    pieces.push({ at: text.length, line: at + 1 });
    text += goesOn ? line.slice(0, -1) : line;
  }
  return { source: { text, pieces }, endLine: endOfHeredocs(lines, at, oneLine(text)) };
}

/** Skips the bodies of `<<EOF`, `<<-EOF` and `<<"EOF"`, each up to a line of that word alone. */
function endOfHeredocs(lines: readonly string[], from: number, text: string): number {
  let at = from;
  for (const word of heredocWords(text)) {
    while (at < lines.length && (lines[at] ?? '').trim() !== word) at += 1;
    at += 1;
  }
  return Math.min(at, lines.length);
}

function heredocWords(text: string): string[] {
  if (!/^(RUN|COPY|ADD)\s/i.test(text)) return [];
  return [...text.matchAll(/(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1/g)].map((match) => match[2] ?? '');
}

/** Whether only BuildKit builds it: it mounts something while it runs, holds a heredoc, or asks for a frontend. */
export function needsBuildKit(dockerfile: string): boolean {
  if (/^#\s*syntax\s*=/im.test(directives(linesOf(dockerfile)))) return true;
  return parseInstructions(dockerfile).some(
    ({ keyword, text }) =>
      (keyword === 'RUN' && /^RUN\s+--(mount|network|security)\b/i.test(text)) || heredocWords(text).length > 0,
  );
}

function linesOf(dockerfile: string): readonly string[] {
  return dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
}

/** Parser directives are comments before the first line of any other kind. */
function directives(lines: readonly string[]): string {
  const end = lines.findIndex((line) => !line.trim().startsWith('#'));
  return lines.slice(0, end < 0 ? lines.length : end).join('\n');
}

function isBlankOrComment(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

/** As builders print an instruction. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
