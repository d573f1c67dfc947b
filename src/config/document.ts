import { readFile } from 'node:fs/promises';

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';

import { CannotRunError, messageOf } from '../errors.ts';

/** A file of this program's own that was read, with its lines for messages about it. */
export interface ConfigDocument {
  /** As the user named it. */
  readonly file: string;
  readonly lines: readonly string[];
  readonly lineCounter: LineCounter;
  readonly root: Node | null;
  /** What an alias stands for. */
  resolve(node: Node): Node;
}

/** A node of the file, and what leads to it. */
export interface Spot {
  readonly document: ConfigDocument;
  readonly node: Node;
  /** Such as `targets.api.grace`. */
  readonly path: string;
}

/**
 * Reads YAML, of which JSON is a part.
 * @throws CannotRunError where it cannot be read, or is no YAML, with the line.
 */
export async function readDocument(file: string): Promise<ConfigDocument> {
  const read = await readFile(file, 'utf8').catch((cause: unknown) => {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new CannotRunError(`The configuration ${file} cannot be read: ${messageOf(cause)}`, {
      nextStep: NEXT_STEPS[code] ?? 'Leave it out with --no-config, or name another one with --config.',
      cause,
    });
  });
  const text = read.replace(/^\uFEFF/, '');
  const lineCounter = new LineCounter();
  const parsed = parseDocument<ParsedNode>(text, { lineCounter, prettyErrors: false });
  const resolve = (node: Node): Node => (isAlias(node) ? (node.resolve(parsed) ?? node) : node);
  const document = { file, lines: text.split(/\r?\n/), lineCounter, root: parsed.contents, resolve };
  const [error] = parsed.errors;
  if (error?.code === 'DUPLICATE_KEY')
    throw errorAt(document, error.pos[0], 'this name stands there for the second time.', 'Keep one of the two.');
  if (error?.code === 'MULTIPLE_DOCS')
    throw errorAt(document, error.pos[0], 'a second document begins here, and a configuration is one.');
  if (error) throw errorAt(document, error.pos[0], `this is no YAML: ${firstSentence(error.message)}`);
  return document;
}

/** By the system's code. */
const NEXT_STEPS: Readonly<Record<string, string>> = {
  ENOENT: 'To write one for what is there: shutdown-check init',
  EISDIR: 'Name the file in that folder.',
};

function firstSentence(message: string): string {
  const [first = ''] = message.split('\n');
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Something wrong in the file: where, the line itself, and a caret under the place. */
export function errorAt(
  { file, lines, lineCounter }: ConfigDocument,
  offset: number,
  message: string,
  nextStep?: string,
): CannotRunError {
  const { line, col } = lineCounter.linePos(offset);
  const number = String(line);
  return new CannotRunError(`${file}:${line}:${col}: ${message}`, {
    detail: [
      `${number} | ${lines[line - 1] ?? ''}`,
      `${' '.repeat(number.length)} | ${' '.repeat(Math.max(0, col - 1))}^`,
    ],
    ...(nextStep !== undefined && { nextStep }),
  });
}

/** The same for a value. */
export function wrongSpot({ document, node }: Spot, message: string, nextStep?: string): CannotRunError {
  return errorAt(document, node.range?.[0] ?? 0, message, nextStep);
}

/** Where it stands, as `file:line`. */
export function lineOf({ document, node }: Spot): string {
  return `${document.file}:${document.lineCounter.linePos(node.range?.[0] ?? 0).line}`;
}

/** A key of a map, and what stands under it. */
export interface Entry {
  readonly name: string;
  readonly key: Spot;
  readonly value: Spot;
}

/**
 * The entries of a map, with those that it merges (`<<`) and does not have itself; none where nothing stands there.
 * @throws CannotRunError for anything else.
 */
export function entriesOf(spot: Spot, depth = 0): readonly Entry[] {
  const node = spot.document.resolve(spot.node);
  if (isScalar(node) && node.value === null) return [];
  if (!isMap<Node, Node | null>(node))
    throw wrongSpot(spot, `${spot.path || 'the file'} takes names with values under them.`);
  // One that merges itself, or thousands, would go on for ever.
  if (depth > DEEPEST_MERGE) throw wrongSpot(spot, 'this is merged into itself, or too often.');
  const merged = node.items.filter(isMerge).flatMap(({ value }) => mergedEntries(spot, value, depth));
  const own = node.items.filter((pair) => !isMerge(pair)).map((pair) => entryOf(spot, pair));
  return [...merged.filter(({ name }) => !own.some((one) => one.name === name)), ...own];
}

const DEEPEST_MERGE = 3;

function isMerge({ key }: { readonly key: Node }): boolean {
  return isScalar(key) && key.source === '<<';
}

/** Of several that are merged the first one counts. */
function mergedEntries(spot: Spot, value: Node | null, depth: number): readonly Entry[] {
  if (value === null) return [];
  const byName = new Map<string, Entry>();
  for (const one of itemsOf({ ...spot, node: value }).toReversed())
    for (const entry of entriesOf(one, depth + 1)) byName.set(entry.name, entry);
  return [...byName.values()];
}

function entryOf(spot: Spot, { key, value }: { readonly key: Node; readonly value: Node | null }): Entry {
  const name = textOf({ ...spot, node: key }) ?? '';
  const path = spot.path === '' ? name : `${spot.path}.${name}`;
  return { name, key: { ...spot, node: key, path }, value: { ...spot, node: value ?? key, path } };
}

/** The items of a list; one value is a list of one. */
export function itemsOf(spot: Spot): readonly Spot[] {
  const node = spot.document.resolve(spot.node);
  return isSeq<Node>(node) ? node.items.map((item) => ({ ...spot, node: item })) : [spot];
}

/** A text, number or truth value as it would be typed; null for a list, a map, or nothing. */
export function textOf({ document, node }: Spot): string | null {
  const found = document.resolve(node);
  if (!isScalar(found) || found.value === null) return null;
  return typeof found.value === 'string' ? found.value : (found.source ?? JSON.stringify(found.value));
}

/** Whether it is a map. */
export function isMapSpot({ document, node }: Spot): boolean {
  return isMap(document.resolve(node));
}

/** Whether it is a number, as YAML reads it. */
export function isNumberSpot({ document, node }: Spot): boolean {
  const found = document.resolve(node);
  return isScalar(found) && typeof found.value === 'number';
}

/** True or false; null for anything else. */
export function truthOf({ document, node }: Spot): boolean | null {
  const found = document.resolve(node);
  return isScalar(found) && typeof found.value === 'boolean' ? found.value : null;
}
