import type { CannotRunError } from '../../errors.ts';
import { badValue } from '../bad-value.ts';

/** A value of the file with the place that it stands at, so that a message can name it. */
export interface Spot {
  /** undefined where nothing stands there. */
  readonly value: unknown;
  /** Such as `services.api.ports[0]`. */
  readonly path: string;
  /** The file as the user named it. */
  readonly file: string;
}

/** What stands under a key; nothing where the value is no map. */
export function under(spot: Spot, key: string): Spot {
  const value = isMap(spot.value) ? spot.value[key] : undefined;
  return { ...spot, value, path: spot.path === '' ? key : `${spot.path}.${key}` };
}

/** Whether nothing stands there: no key, or one without a value. */
export function isEmpty({ value }: Spot): boolean {
  return value === undefined || value === null;
}

/**
 * A text, number or truth value as text; null where nothing stands there.
 * @throws CannotRunError for a list or a map.
 */
export function textAt(spot: Spot, takes = 'a text'): string | null {
  if (isEmpty(spot)) return null;
  if (typeof spot.value === 'string') return spot.value;
  if (typeof spot.value === 'number' || typeof spot.value === 'boolean') return String(spot.value);
  throw wrong(spot, takes);
}

/**
 * The same; null also for an empty text, which is what a variable comes to that is not set.
 * @throws CannotRunError for a list or a map.
 */
export function saidAt(spot: Spot, takes: string): string | null {
  return textAt(spot, takes) || null;
}

/**
 * True or false, also as text, as a variable has it; null where nothing stands there.
 * @throws CannotRunError for anything else.
 */
export function yesNoAt(spot: Spot): boolean | null {
  const text = saidAt(spot, 'true or false');
  if (text === null) return null;
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  throw wrong(spot, 'true or false');
}

/**
 * The items of a list, empty where nothing stands there.
 * @throws CannotRunError for anything else.
 */
export function itemsAt(spot: Spot, takes = 'a list'): readonly Spot[] {
  if (isEmpty(spot)) return [];
  if (!Array.isArray(spot.value)) throw wrong(spot, takes);
  return spot.value.map((value: unknown, index) => ({ ...spot, value, path: `${spot.path}[${index}]` }));
}

/**
 * The entries of a map, none where nothing stands there.
 * @throws CannotRunError for anything else.
 */
export function entriesAt(spot: Spot, takes = 'a map'): readonly (readonly [string, Spot])[] {
  if (isEmpty(spot)) return [];
  if (!isMap(spot.value)) throw wrong(spot, takes);
  return Object.keys(spot.value).map((key) => [key, under(spot, key)] as const);
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a value that cannot stand there. */
export function wrong({ value, path, file }: Spot, takes: string): CannotRunError {
  return badValue({ name: `${path} in ${file}`, value, takes });
}
