/** What a shell would make of a line: one program with its words, or something that takes a shell to do. */
export type ShellWords =
  | {
      readonly kind: 'words';
      /** In front of the command, unquoted: `PORT=80`. */
      readonly assignments: readonly string[];
      /** The command and its arguments, unquoted; `exec` is a word like any other. */
      readonly words: readonly string[];
    }
  /** `because` quotes the construct and says what it does, continuing "It needs its shell: …". */
  | { readonly kind: 'needsShell'; readonly because: string };

/** Stops the reading at what only a shell can do. */
class NeedsShell extends Error {}

/** A word as it was written and as the shell hands it on. */
interface Word {
  readonly raw: string;
  readonly value: string;
}

/** Joins, starts and groups commands, the longest first. */
const CONTROL = /^(?:&&|\|\||;;|[;&|()\n])/;
const REDIRECTION = /^\d*(?:<<-?|>>|<&|>&|<>|>\||[<>])/;
const PARAMETER = /^\$(?:\{[^}]*\}?|\([^)]*\)?|[A-Za-z_]\w*|[\d@*#?$!-])/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

const RESERVED = new Set(
  '! { } [[ case coproc do done elif else esac fi for function if select then time until while'.split(' '),
);
/** What a shell does itself, and for which there is no program of the same name that does the same. */
const BUILTINS = new Set(
  '. : alias bg break builtin cd command continue declare eval exit export fg getopts hash jobs let local read readonly return set shift shopt source times trap type typeset ulimit umask unalias unset wait'.split(
    ' ',
  ),
);

/**
 * Splits a command line as a POSIX shell does: quotes, escapes, comments. A line that means more than one program with
 * fixed words is not split. Where shells differ (`$'…'`, braces) it is left to them.
 *
 * Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition.
 */
export function parseShellWords(text: string): ShellWords {
  try {
    const words = readWords(text.replace(/^[ \t\n]+/, ''));
    const command = words.findIndex(({ raw }) => !ASSIGNMENT.test(raw));
    const first = words[command];
    if (first === undefined) throw new NeedsShell('it starts no program');
    checkCommand(first);
    if (first.raw === 'exec') checkExec(words[command + 1]);
    const values = words.map(({ value }) => value);
    return { kind: 'words', assignments: values.slice(0, command), words: values.slice(command) };
  } catch (error) {
    if (error instanceof NeedsShell) return { kind: 'needsShell', because: error.message };
    throw error;
  }
}

/** The same program with the same words, started without a shell; `env` sets what the shell would have set for it. */
export function asCommand({ assignments, words }: Extract<ShellWords, { kind: 'words' }>): readonly string[] {
  const program = words[0] === 'exec' ? words.slice(1) : words;
  return assignments.length === 0 ? program : ['env', ...assignments, ...program];
}

function checkExec(word: Word | undefined): void {
  if (word === undefined) throw new NeedsShell('`exec` alone starts no program');
  if (word.raw.startsWith('-')) throw new NeedsShell(`\`exec ${word.raw}\` is an option of the shell's`);
}

function checkCommand(word: Word): void {
  if (RESERVED.has(word.raw)) throw new NeedsShell(`\`${word.raw}\` is a word of the shell's language`);
  if (BUILTINS.has(word.value)) throw new NeedsShell(`\`${word.value}\` is a command of the shell's own`);
}

function readWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let rest = skipBlanks(text);
  while (rest !== '') {
    checkOperator(rest);
    const { word, length } = readWord(rest);
    checkExpansion(word, rest.slice(0, length));
    words.push({ raw: rest.slice(0, length), value: word.value });
    rest = skipBlanks(rest.slice(length));
  }
  return words;
}

/** Blanks, joined lines, a comment, and line breaks that end the text. */
function skipBlanks(text: string): string {
  return text
    .replace(/^(?:[ \t]|\\\n)+/, '')
    .replace(/^#[^\n]*/, '')
    .replace(/^[ \t\n]+$/, '');
}

function checkOperator(rest: string): void {
  const redirection = REDIRECTION.exec(rest)?.[0];
  if (redirection !== undefined) throw new NeedsShell(`\`${redirection}\` redirects`);
  const control = CONTROL.exec(rest)?.[0];
  if (control === undefined) return;
  const name = control === '\n' ? 'a line break' : `\`${control}\``;
  throw new NeedsShell(control === '(' || control === ')' ? `${name} groups commands` : `${name} joins commands`);
}

/** A word while it is read. */
interface Reading {
  readonly value: string;
  /** The same with a mark for everything quoted: where the shell looks for patterns. */
  readonly open: string;
}

function readWord(text: string): { readonly word: Reading; readonly length: number } {
  let word: Reading = { value: '', open: '' };
  let at = 0;
  while (at < text.length && !/^[ \t\n&|;()<>]/.test(text.slice(at))) {
    const piece = readPiece(text.slice(at));
    word = { value: word.value + piece.value, open: word.open + piece.open };
    at += piece.length;
  }
  return { word, length: at };
}

interface Piece extends Reading {
  readonly length: number;
}

/** The next piece of a word: a quoted part, an escaped or a plain character. */
function readPiece(rest: string): Piece {
  if (rest.startsWith("'")) return singleQuoted(rest);
  if (rest.startsWith('"')) return doubleQuoted(rest);
  if (rest.startsWith('\\')) return escaped(rest);
  if (/^\$['"]/.test(rest))
    throw new NeedsShell(`\`${rest.slice(0, 2)}\` is a kind of quote that not every shell knows`);
  checkSubstitution(rest);
  const plain = rest.slice(0, 1);
  return { value: plain, open: plain, length: 1 };
}

/** What is quoted leaves a mark that matches no pattern, so that `a'*'` is not taken for `a`. */
const QUOTED = '\0';

function singleQuoted(rest: string): Piece {
  const end = rest.indexOf("'", 1);
  if (end < 0) throw new NeedsShell("a `'` is not closed");
  return { value: rest.slice(1, end), open: QUOTED, length: end + 1 };
}

function doubleQuoted(rest: string): Piece {
  let value = '';
  for (let at = 1; at < rest.length; at += 1) {
    const here = rest.slice(at);
    if (here.startsWith('"')) return { value, open: QUOTED, length: at + 1 };
    checkSubstitution(here);
    const escape = /^\\([$`"\\\n])/.exec(here)?.[1];
    value += escape === undefined ? here.slice(0, 1) : escape === '\n' ? '' : escape;
    if (escape !== undefined) at += 1;
  }
  throw new NeedsShell('a `"` is not closed');
}

function escaped(rest: string): Piece {
  const next = rest.slice(1, 2);
  if (next === '') throw new NeedsShell('it ends in a `\\`');
  return { value: next === '\n' ? '' : next, open: next === '\n' ? '' : QUOTED, length: 2 };
}

function checkSubstitution(rest: string): void {
  const parameter = PARAMETER.exec(rest)?.[0];
  if (parameter?.startsWith('$(')) throw new NeedsShell(`\`${parameter}\` runs a command for its output`);
  if (parameter !== undefined) throw new NeedsShell(`\`${parameter}\` is filled in by the shell`);
  if (rest.startsWith('`')) throw new NeedsShell('a backquote runs a command for its output');
}

/** What the shell would make of an unquoted part: names of files, home folders, lists. */
function checkExpansion({ open }: Reading, raw: string): void {
  if (/[*?]|\[[^\]]*\]/.test(open)) throw new NeedsShell(`\`${raw}\` is a pattern for names of files`);
  if (/^~|^[A-Za-z_]\w*=(?:.*:)?~/.test(open)) throw new NeedsShell(`\`${raw}\` names a home folder`);
  if (/\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(open)) throw new NeedsShell(`\`${raw}\` is a list in braces to some shells`);
}
