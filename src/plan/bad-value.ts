import { CannotRunError } from '../errors.ts';

/** What is wrong with a value that somebody gave, in words that let them mend it. */
export interface BadValue {
  /** The flag or option, as it was written. */
  readonly name: string;
  readonly value: unknown;
  /** What it takes, continuing "it takes …". */
  readonly takes: string;
  /** A value that works, as it would be written. */
  readonly example?: string | undefined;
  /** Why this value is refused, a sentence; for rules that nobody would guess. */
  readonly why?: string | undefined;
}

/** The error for a bad value: names the flag, the value, the valid forms and an example. */
export function badValue({ name, value, takes, example, why }: BadValue): CannotRunError {
  const message = `${name} cannot be ${show(value)}: it takes ${takes}.${why ? ` ${why}` : ''}`;
  return new CannotRunError(message, example === undefined ? {} : { nextStep: `For example: ${example}` });
}

function show(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'empty' : `"${value}"`;
  return value === undefined ? 'undefined' : JSON.stringify(value);
}
