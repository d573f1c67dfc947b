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
}

/** Splits a Dockerfile into its instructions, as far as is needed to find one again. It does not check them. */
export function parseInstructions(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.split(/\r?\n/);
  const escape = /^#\s*escape\s*=\s*`/im.test(directives(lines)) ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (isBlankOrComment(lines[at] ?? '')) continue;
    const { text, endLine } = joinLines(lines, at, escape);
    instructions.push({ line: at + 1, endLine, keyword: (text.split(' ')[0] ?? '').toUpperCase(), text });
    at = endLine - 1;
  }
  return instructions;
}

function joinLines(lines: readonly string[], from: number, escape: string): { text: string; endLine: number } {
  const parts: string[] = [];
  let at = from;
  for (let goesOn = true; goesOn && at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trimEnd();
    if (at > from && isBlankOrComment(line)) continue;
    goesOn = line.endsWith(escape);
    parts.push(goesOn ? line.slice(0, -1) : line);
  }
  const text = oneLine(parts.join(' '));
  return { text, endLine: endOfHeredocs(lines, at, text) };
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
  if (/^#\s*syntax\s*=/im.test(directives(dockerfile.split(/\r?\n/)))) return true;
  return parseInstructions(dockerfile).some(
    ({ keyword, text }) =>
      (keyword === 'RUN' && /^RUN\s+--(mount|network|security)\b/i.test(text)) || heredocWords(text).length > 0,
  );
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
