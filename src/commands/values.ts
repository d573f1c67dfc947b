import { CannotRunError } from '../errors.ts';
import { badValue } from '../plan/bad-value.ts';
import type { Check } from '../plan/checks.ts';
import { parseDuration } from '../plan/durations.ts';
import { type Range, describeRange, fits, reasonFor } from '../plan/ranges.ts';
import { SIZE_FORMS, parseBytes } from '../plan/sizes.ts';

/*
 * Texts of flags to values. Each throws CannotRunError with the flag, the bad value, the valid forms and an example.
 */

/** Milliseconds. */
export function durationOf(flag: string, text: string, range: Range, example: string): number {
  const durationMs = parseDuration(text);
  if (durationMs !== null && fits(durationMs, range)) return durationMs;
  const why = durationMs === null ? undefined : reasonFor(durationMs, range);
  throw badValue({ name: flag, value: text, takes: describeRange(range), example: `${flag} ${example}`, why });
}

export function numberOf(flag: string, text: string, range: Range, example: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (fits(value, range)) return value;
  throw badValue({ name: flag, value: text, takes: describeRange(range), example: `${flag} ${example}` });
}

/** Numbers separated by commas. */
export function numbersOf(flag: string, text: string, range: Range, example: string): readonly number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.every((value) => fits(value, range))) return values;
  const takes = `${describeRange(range)}, or several separated by commas`;
  throw badValue({ name: flag, value: text, takes, example: `${flag} ${example}` });
}

/** Bytes. */
export function bytesOf(flag: string, text: string, range: Range, example: string): number {
  const bytes = parseBytes(text);
  if (bytes !== null && fits(bytes, range)) return bytes;
  const takes = bytes === null ? `a size: ${SIZE_FORMS}` : describeRange(range);
  throw badValue({ name: flag, value: text, takes, example: `${flag} ${example}` });
}

export function choiceOf<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw badValue({ name: flag, value: text, takes: `one of ${choices.join(', ')}`, example: `${flag} ${choices[0]}` });
}

export function textOf(flag: string, text: string, takes: string, example: string): string {
  if (text !== '') return text;
  throw badValue({ name: flag, value: text, takes, example: `${flag} ${example}` });
}

/** A text that one of the options' own checks accepts. */
export function checkedOf(flag: string, text: string, check: Check, example: string): string {
  if (check.accepts(text)) return text;
  throw badValue({ name: flag, value: text, takes: check.takes, example: `${flag} ${example}` });
}

/** Name and value of `Name: value`. */
export function headerOf(flag: string, text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  throw new CannotRunError(`${flag} cannot be "${text}": it takes a name, a colon and a value.`, {
    nextStep: `For example: ${flag} 'Accept: application/json'`,
  });
}
