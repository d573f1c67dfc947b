import { type Document, LineCounter, parseAllDocuments, type Tags } from 'yaml';
import { CannotRunError, messageOf } from '../../errors.ts';
import { at, type Field, isThere, items, placeOf, RENDER, textOf } from './field.ts';

/** What Helm and its like fill in. */
const TEMPLATE_MARK = /^[^#\n]*?(\{\{.*)/m;

/**
 * The objects of a manifest, in its order: of all its documents, and of the Lists among them.
 * @param file as the user named it
 * @throws CannotRunError with line and column where it is no YAML, and where it still is a template.
 */
export function objectsIn(text: string, file: string): readonly Field[] {
  const lines = new LineCounter();
  // Kubernetes reads YAML 1.1, where a bare `yes` is true and 0644 is octal.
  const documents = parseAllDocuments(text, {
    version: '1.1',
    customTags: withoutTimes,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const source = { file, isTemplate: TEMPLATE_MARK.test(text) };
  return [...documents].flatMap((document) => {
    const [error] = document.errors;
    if (error) throw noYaml(error, text, file, lines);
    const lineOf = (keys: Field['keys']): number => lines.linePos(offsetOf(document, keys)).line;
    return fromList({ value: valueOf(document, file), keys: [], source: { ...source, lineOf } });
  });
}

/** Its reader knows neither dates nor numbers to the base of sixty: `2026-01-01` and `1:30` are texts. */
function withoutTimes(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || ('format' in tag && tag.format === 'TIME')),
  );
}

function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // An alias without its anchor, or so many that they would fill the memory.
    throw new CannotRunError(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function offsetOf(document: Document.Parsed, keys: Field['keys']): number {
  const node: unknown = keys.length === 0 ? document.contents : document.getIn(keys, true);
  const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | null) : null;
  if (range) return range[0];
  return keys.length === 0 ? document.range[0] : offsetOf(document, keys.slice(0, -1));
}

function noYaml(
  { pos, message }: { readonly pos: readonly [number, number]; readonly message: string },
  text: string,
  file: string,
  lines: LineCounter,
): CannotRunError {
  const { line, col } = lines.linePos(pos[0]);
  const shown = text.split(/\r?\n/)[line - 1] ?? '';
  const mark = TEMPLATE_MARK.exec(shown)?.[1];
  if (mark !== undefined) {
    return new CannotRunError(`${file}:${line} is a template that nobody has filled in: ${mark}`, { nextStep: RENDER });
  }
  return new CannotRunError(`${file}:${line}:${col} is no YAML: ${message}`, {
    detail: shown.trim() === '' ? [] : [shown],
    ...(TEMPLATE_MARK.test(text) ? { nextStep: `If it is a template: ${RENDER}` } : {}),
  });
}

/** An object itself, or those of a List; nothing of an empty document. */
function fromList(object: Field): readonly Field[] {
  if (!isThere(object)) return [];
  if (typeof object.value !== 'object' || Array.isArray(object.value)) {
    throw new CannotRunError(`${placeOf(object)} is no object of Kubernetes: it has no kind.`, {
      nextStep: 'Name a manifest, such as deployment.yaml.',
    });
  }
  const list = at(object, 'items');
  if (!isThere(list) || !textOf(at(object, 'kind'))?.endsWith('List')) return [object];
  return items(list).map(asRoot).flatMap(fromList);
}

/** Paths are told from the object itself, lines are still those of the file. */
function asRoot(item: Field): Field {
  const { lineOf } = item.source;
  return { ...item, keys: [], source: { ...item.source, lineOf: (keys) => lineOf([...item.keys, ...keys]) } };
}
