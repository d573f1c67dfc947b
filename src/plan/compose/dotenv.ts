import { CannotRunError } from '../../errors.ts';
import { substitute, type Variables } from './interpolate.ts';

const LINE = /^[ \t]*(?:export[ \t]+)?([\p{L}\p{N}_.[\]-]+)[ \t]*(?:([=:])[ \t]*|(?=\r?\n|$))/u;
const SKIPPED = /^(?:\s+|#[^\n]*)/;
const ESCAPE = /\\([abfnrtv$"\\])/g;
const ESCAPED: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // Two of them are one that begins no variable.
  $: '$$',
};

/**
 * Reads variables as compose does from `.env` and `env_file`: `KEY=VALUE` or `KEY: VALUE`, `export` before it or not;
 * a value in single quotes is taken as it is, in double quotes with escapes and variables, over several lines if need be,
 * without quotes up to ` #`. A bare KEY takes its value from `variables`. Earlier lines can be used in later ones.
 *
 * Source: Compose Specification, "env_file format"; compose-go, dotenv.
 * @param file its name for messages
 * @throws CannotRunError for a line that sets nothing, and for a quote that is not closed.
 */
export function parseDotenv(text: string, file: string, variables: Variables): Record<string, string> {
  const values: Record<string, string> = {};
  const withEarlier: Variables = { ...variables, get: (name) => variables.get(name) ?? values[name] };
  let rest = text.replace(/^\uFEFF/, '');
  for (;;) {
    for (let skipped = SKIPPED.exec(rest); skipped; skipped = SKIPPED.exec(rest)) rest = rest.slice(skipped[0].length);
    if (rest === '') return values;
    const [whole, name, separator] = LINE.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw noVariable(rest, text, file);
    rest = rest.slice(whole.length);
    const read = separator === undefined ? { value: variables.get(name), rest } : readValue(rest, withEarlier);
    if (read === null) throw unclosed(name, file);
    if (read.value !== undefined) values[name] = read.value;
    ({ rest } = read);
  }
}

interface Read {
  readonly value: string | undefined;
  readonly rest: string;
}

/** null where a quote is not closed. */
function readValue(rest: string, variables: Variables): Read | null {
  const quoted = /^'((?:[^'\\]|\\.)*)'|^"((?:[^"\\]|\\.)*)"/s.exec(rest);
  if (quoted === null && /^['"]/.test(rest)) return null;
  if (quoted) {
    const [{ length }, literal, open] = [quoted[0], quoted[1], quoted[2]];
    const value = literal?.replaceAll(String.raw`\'`, "'") ?? substitute(unescape(open ?? ''), variables);
    return { value, rest: rest.slice(length) };
  }
  const line = /^[^\n]*/.exec(rest)?.[0] ?? '';
  const value = line.replace(/ #.*$/s, '').trim();
  return { value: substitute(value, variables), rest: rest.slice(line.length) };
}

function unescape(text: string): string {
  return text.replace(ESCAPE, (_, letter: string) => ESCAPED[letter] ?? letter);
}

function noVariable(rest: string, text: string, file: string): CannotRunError {
  const line = text.slice(0, text.length - rest.length).split('\n').length;
  return new CannotRunError(`${file}, line ${line} "${rest.split('\n')[0]}" names no variable: it takes KEY=VALUE.`, {
    nextStep: 'For example: LOG_LEVEL=debug',
  });
}

function unclosed(name: string, file: string): CannotRunError {
  return new CannotRunError(`${file}: the quote around the value of ${name} is not closed.`);
}
