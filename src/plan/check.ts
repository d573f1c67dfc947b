import { type Range, describeRawRange, fits } from './ranges.ts';

/** What an option takes, for values whose type nothing has checked yet (JSON, plain JavaScript). */
export interface Check {
  /** The flag of the same meaning, without dashes; null where there is none. */
  readonly flag: string | null;
  readonly takes: string;
  readonly accepts: (value: unknown) => boolean;
  /** All that it takes, where it is one of a few words. */
  readonly choices?: readonly string[];
  /** Where it takes a number, or several. */
  readonly range?: Range;
}

export function text(flag: string | null, takes = 'a text that is not empty'): Check {
  return { flag, takes, accepts: (value) => typeof value === 'string' && value !== '' };
}

export function yesNo(flag: string): Check {
  return { flag, takes: 'true or false', accepts: (value) => typeof value === 'boolean' };
}

export function oneOf(flag: string, choices: readonly string[]): Check {
  return { flag, takes: choices.join(', '), accepts: (value) => choices.includes(value as string), choices };
}

export function ranged(flag: string, range: Range): Check {
  return { flag, takes: describeRawRange(range), accepts: (value) => fits(value, range), range };
}

export function rangedList(flag: string, range: Range): Check {
  return {
    flag,
    takes: `a list, each ${describeRawRange(range)}`,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((item) => fits(item, range)),
    range,
  };
}

export function texts(flag: string | null): Check {
  return { flag, takes: 'a list of texts', accepts: isTexts };
}

export function named(flag: string): Check {
  return { flag, takes: 'an object of texts by name', accepts: isNamedTexts };
}

export function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNamedTexts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, item]) => key !== '' && !/[\s=]/.test(key) && typeof item === 'string');
}
