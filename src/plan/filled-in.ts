/**
 * Values of variables that a file has put into a command (`$(DB_PASSWORD)`), by name. A command is saved and shown, and its
 * variables are not: so there the name stands in the place of the value again.
 */
export type FilledIn = Readonly<Record<string, string>>;

/** A shorter value is no secret, and is found in anything. */
const LEAST_LENGTH = 4;
const NAMED = /\$\(([^)]*)\)/g;

/** A text without the values that were filled in: `$(NAME)` stands for each, wherever it is found. */
export function withoutValues(text: string, filledIn: FilledIn): string {
  const names = new Map(Object.entries(filledIn).map(([name, value]) => [value, name]));
  const values = [...names.keys()]
    .filter(({ length }) => length >= LEAST_LENGTH)
    // One may be a part of another.
    .toSorted((a, b) => b.length - a.length)
    .map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (values.length === 0) return text;
  return text.replace(new RegExp(values.join('|'), 'g'), (value) => `$(${names.get(value)})`);
}

/** The same text with them again. */
export function withValues(text: string, filledIn: FilledIn): string {
  return text.replace(NAMED, (reference, name: string) => filledIn[name] ?? reference);
}

/** A text that a shell was given, as its parser may read it: to a shell `$(NAME)` is a command, and the value was none. */
export function forShell(text: string, filledIn: FilledIn): string {
  return text.replace(NAMED, (reference, name: string) => (name in filledIn ? `%${name}%` : reference));
}

/** A word of that, with `$(NAME)` again. */
export function fromShell(word: string, filledIn: FilledIn): string {
  return word.replace(/%([^%]+)%/g, (marked, name: string) => (name in filledIn ? `$(${name})` : marked));
}
