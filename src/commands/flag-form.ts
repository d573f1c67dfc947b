import { CHECKS } from '../plan/checks.ts';
import type { Range } from '../plan/ranges.ts';

/** What the value of a flag is, where more than a text has to be known: in a config file and its schema. */
export type Form =
  /** A flag without a value. */
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** `words` may stand in the place of a duration or number. */
  | { readonly kind: 'duration'; readonly words: readonly string[] }
  | { readonly kind: 'number'; readonly words: readonly string[]; readonly range: Range }
  /** Several numbers, on the command line with commas. */
  | { readonly kind: 'numbers'; readonly range: Range }
  | { readonly kind: 'size' }
  /** Name and value, and what stands between the two. */
  | { readonly kind: 'pair'; readonly separator: string }
  | { readonly kind: 'text' };

/** What is known of a flag's value. */
export interface Shape {
  readonly name: string;
  readonly value: string | null;
  readonly choices?: readonly string[];
}

/** The form that a flag's placeholder stands for, and its check knows the rest of. */
export function formOf({ name, value, choices }: Shape): Form {
  if (value === null) return { kind: 'switch' };
  const check = Object.values(CHECKS).find(({ flag }) => flag === name) as CheckOfFlag | undefined;
  const words = choices ?? check?.choices;
  if (words !== undefined) return { kind: 'choice', choices: words };
  if (value === 'TIME') return { kind: 'duration', words: [] };
  if (value === 'MOMENT') return { kind: 'duration', words: ['ready', 'starting'] };
  if (value === 'SIZE') return { kind: 'size' };
  if (value === 'KEY=VALUE') return { kind: 'pair', separator: '=' };
  if (value === "'NAME: VALUE'") return { kind: 'pair', separator: ': ' };
  const range = check?.range;
  if (range === undefined) return { kind: 'text' };
  return value === 'N,N'
    ? { kind: 'numbers', range }
    : { kind: 'number', words: value === 'N|auto' ? ['auto'] : [], range };
}

interface CheckOfFlag {
  readonly choices?: readonly string[];
  readonly range?: Range;
}
