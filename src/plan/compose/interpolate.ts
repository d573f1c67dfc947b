import { CannotRunError } from '../../errors.ts';
import { isMap, type Spot } from './spot.ts';

/** The variables that a text is filled in from. */
export interface Variables {
  /** The value; undefined where it is not set. */
  readonly get: (name: string) => string | undefined;
  /** Told of one that is not set, and for which nothing else stands: it becomes an empty text. */
  readonly onUnset: (name: string) => void;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const OPERATOR = /^:?[-?+]/;

/** Why a text cannot be filled in, a sentence without its end. */
class Unfilled extends Error {}

/**
 * Everything at a place with its variables filled in, as compose does: `$NAME`, `${NAME}`, `${NAME:-default}`,
 * `${NAME-default}`, `${NAME:?message}`, `${NAME?message}`, `${NAME:+other}`, `${NAME+other}`, one inside another too;
 * `$$` is a dollar sign. Keys are left as they are.
 *
 * Source: Compose Specification, "Interpolation".
 * @throws CannotRunError for a variable that has to be set, and for braces that are not closed.
 */
export function interpolated(spot: Spot, variables: Variables): Spot {
  return { ...spot, value: filled(spot.value, spot, variables) };
}

function filled(value: unknown, spot: Spot, variables: Variables): unknown {
  if (typeof value === 'string') return fillText(value, spot, variables);
  if (Array.isArray(value))
    return value.map((item, at) => filled(item, { ...spot, path: `${spot.path}[${at}]` }, variables));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      filled(item, { ...spot, path: `${spot.path}.${key}` }, variables),
    ]),
  );
}

function fillText(text: string, { path, file }: Spot, variables: Variables): string {
  try {
    return substitute(text, variables);
  } catch (error) {
    if (!(error instanceof Unfilled)) throw error;
    throw new CannotRunError(`${path} in ${file} cannot be filled in: ${error.message}.`, {
      nextStep: 'Set it in the environment, or in the file .env beside the compose file; a dollar sign itself is $$.',
      cause: error,
    });
  }
}

/**
 * A text with its variables filled in.
 * @throws Error with the reason.
 */
export function substitute(text: string, variables: Variables): string {
  let out = '';
  let rest = text;
  for (let at = rest.indexOf('$'); at >= 0; at = rest.indexOf('$')) {
    const piece = readPiece(rest.slice(at), variables);
    out += rest.slice(0, at) + piece.value;
    rest = rest.slice(at + piece.length);
  }
  return out + rest;
}

interface Piece {
  readonly value: string;
  readonly length: number;
}

/** What a dollar sign begins. Before anything else than a name, a brace or another one it is itself. */
function readPiece(rest: string, variables: Variables): Piece {
  if (rest.startsWith('$$')) return { value: '$', length: 2 };
  if (rest.startsWith('${')) return readBraced(rest, variables);
  const name = NAME.exec(rest.slice(1))?.[0];
  return name === undefined ? { value: '$', length: 1 } : { value: plain(name, variables), length: 1 + name.length };
}

function readBraced(rest: string, variables: Variables): Piece {
  const end = closingBrace(rest);
  if (end < 0) throw new Unfilled(`the brace of "${rest}" is not closed`);
  const inside = rest.slice(2, end);
  const name = NAME.exec(inside)?.[0];
  const operator = name === undefined ? undefined : OPERATOR.exec(inside.slice(name.length))?.[0];
  if (name === undefined || (operator === undefined && name !== inside))
    throw new Unfilled(`"\${${inside}}" names no variable`);
  const word = operator === undefined ? '' : inside.slice(name.length + operator.length);
  return { value: valueOf(name, operator, word, variables), length: end + 1 };
}

function valueOf(name: string, operator: string | undefined, word: string, variables: Variables): string {
  if (operator === undefined) return plain(name, variables);
  const value = variables.get(name) ?? '';
  // With a colon an empty value counts as none.
  const isThere = operator.startsWith(':') ? value !== '' : variables.get(name) !== undefined;
  switch (operator.at(-1)) {
    case '-':
      return isThere ? value : substitute(word, variables);
    case '+':
      return isThere ? substitute(word, variables) : '';
    default:
      if (isThere) return value;
      throw new Unfilled(`the variable ${name} has to be set${word === '' ? '' : ` (${substitute(word, variables)})`}`);
  }
}

function plain(name: string, { get, onUnset }: Variables): string {
  const value = get(name);
  if (value === undefined) onUnset(name);
  return value ?? '';
}

/** Where the brace that the text begins with is closed again; -1 where it is not. */
function closingBrace(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && (depth -= 1) === 0) return at;
  }
  return -1;
}
