import { CannotRunError } from '../../errors.ts';
import { badValue } from '../bad-value.ts';
import type { Range } from '../ranges.ts';
import { describeRawRange, fits } from '../ranges.ts';

type Key = string | number;

/** Where fields come from. */
export interface Source {
  /** As the user named it. */
  readonly file: string;
  /** Whether the file has marks of a template in it, such as `{{ .Values.image }}`. */
  readonly isTemplate: boolean;
  /** The line, from 1, of what is at these keys, or of the nearest above that has one. */
  readonly lineOf: (keys: readonly Key[]) => number;
}

/** A value of a manifest whose type nobody has checked yet, and the way to it from the root of its object. */
export interface Field {
  /** undefined where there is none; Kubernetes takes null for none. */
  readonly value: unknown;
  readonly keys: readonly Key[];
  readonly source: Source;
}

/** How a template is made a manifest, for next steps. */
export const RENDER =
  'Render it first, for example: helm template CHART > rendered.yaml, or kubectl kustomize FOLDER > rendered.yaml';

/**
 * The field below one, which need not be there.
 * @throws CannotRunError where something on the way has no fields.
 */
export function at(field: Field, ...keys: readonly string[]): Field {
  return keys.reduce(below, field);
}

function below(field: Field, key: string): Field {
  const value: unknown = isThere(field) ? recordOf(field)[key] : undefined;
  return { ...field, value: value ?? undefined, keys: [...field.keys, key] };
}

/** Whether the manifest has it. */
export function isThere({ value }: Field): boolean {
  return value !== undefined && value !== null;
}

/**
 * The fields of a list; none where there is no list.
 * @throws CannotRunError for anything else.
 */
export function items(field: Field): readonly Field[] {
  if (!isThere(field)) return [];
  if (!Array.isArray(field.value)) throw badField(field, 'a list');
  return field.value.map((value: unknown, index) => ({ ...field, value, keys: [...field.keys, index] }));
}

/**
 * A text; null where there is none.
 * @throws CannotRunError for anything else, as Kubernetes refuses it.
 */
export function textOf(field: Field): string | null {
  if (!isThere(field)) return null;
  if (typeof field.value === 'string') return field.value;
  throw badField(field, 'a text', typeof field.value === 'object' ? undefined : 'Put it in quotes.');
}

/**
 * A text that has to be there.
 * @throws CannotRunError where it is not.
 */
export function neededText(field: Field): string {
  const text = textOf(field);
  if (text !== null) return text;
  throw badField(field, 'a text');
}

/**
 * The texts of a list.
 * @throws CannotRunError for anything else.
 */
export function textsOf(field: Field): readonly string[] {
  return items(field).map(neededText);
}

/**
 * Texts by name; none where there are none.
 * @throws CannotRunError for anything else.
 */
export function namedTexts(field: Field): Readonly<Record<string, string>> {
  if (!isThere(field)) return {};
  const names = Object.keys(recordOf(field));
  return Object.fromEntries(names.map((name) => [name, textOf(at(field, name)) ?? '']));
}

/**
 * A number in a range; null where there is none.
 * @throws CannotRunError for anything else.
 */
export function numberOf(field: Field, range: Range): number | null {
  if (!isThere(field)) return null;
  if (fits(field.value, range)) return field.value;
  throw badField(field, describeRawRange(range));
}

/**
 * Whether a switch is on.
 * @throws CannotRunError for what is neither true nor false.
 */
export function isOn(field: Field): boolean {
  if (!isThere(field)) return false;
  if (typeof field.value === 'boolean') return field.value;
  throw badField(field, 'true or false');
}

/** The error for a value that the field cannot have: names file, line, the field's path and what it takes. */
export function badField(field: Field, takes: string, why?: string): CannotRunError {
  const name = `${placeOf(field)}: ${pathOf(field)}`;
  const { message } = badValue({ name, value: field.value, takes, why });
  const said = isThere(field) ? message : `${name} is missing: it takes ${takes}.${why === undefined ? '' : ` ${why}`}`;
  return new CannotRunError(said, field.source.isTemplate ? { nextStep: RENDER } : {});
}

/** File and line, as editors and terminals know them. */
export function placeOf({ source, keys }: Field): string {
  return `${source.file}:${source.lineOf(keys)}`;
}

/** `spec.containers[0].image`; a key that is no plain word is quoted. */
function pathOf({ keys }: Field): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`))
    .join('')
    .replace(/^\./, '');
}

function recordOf(field: Field): Readonly<Record<string, unknown>> {
  const { value } = field;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw badField(field, 'fields of its own');
}
