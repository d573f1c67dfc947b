import { parseArgs } from 'node:util';
import { CannotRunError } from '../errors.ts';
import { nearest } from '../plan/nearest.ts';
import type { FlagValues } from './flag.ts';

/** What the parser needs to know of a flag. */
export interface FlagShape {
  readonly name: string;
  readonly value: string | null;
}

/** A command line, taken apart but not yet understood. */
export interface Arguments {
  readonly values: FlagValues;
  readonly positionals: readonly string[];
  /** What follows `--`; null where there is none. */
  readonly rest: readonly string[] | null;
  readonly help: boolean;
}

/** What a command says to what others take and it does not. */
export interface Refusals {
  /** The error for a flag of another command's; null for one that nobody has. */
  readonly flag: (name: string) => CannotRunError | null;
  /** The error for a word before `--`, which is at this place among the arguments; null: such words are taken. */
  readonly word: (at: number) => CannotRunError | null;
}

const REFUSES_NOTHING: Refusals = { flag: () => null, word: () => null };

/**
 * Takes the arguments of a command apart.
 * @throws CannotRunError for an unknown flag, with the nearest one, for a missing or needless value, and what `refusals`
 *   has to say.
 */
export function parseArguments(
  args: readonly string[],
  flags: readonly FlagShape[],
  command: string,
  refusals: Refusals = REFUSES_NOTHING,
): Arguments {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  let rest: string[] | null = null;
  for (const token of tokensOf(args, flags)) {
    const refusal = refusalOf(token, flags, rest !== null, refusals);
    if (refusal) throw refusal;
    if (token.kind === 'option-terminator') rest = [];
    else if (token.kind === 'positional') (rest ?? positionals).push(token.value);
    else values.set(token.name, [...(values.get(token.name) ?? []), valueOf(token, flags, command)]);
  }
  return { values, positionals, rest, help: values.has('help') };
}

/** Not strict, so that the messages are ours. */
function tokensOf(args: readonly string[], flags: readonly FlagShape[]) {
  const shapes = flags.map((flag) => [flag.name, { type: flag.value === null ? 'boolean' : 'string' }] as const);
  const options = { ...Object.fromEntries(shapes), help: { type: 'boolean', short: 'h' } } as const;
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

type Token = ReturnType<typeof tokensOf>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

function refusalOf(
  token: Token,
  flags: readonly FlagShape[],
  isAfterDashes: boolean,
  { flag, word }: Refusals,
): CannotRunError | null {
  if (token.kind === 'positional') return isAfterDashes ? null : word(token.index);
  const isOurs = token.kind === 'option-terminator' || flags.some(({ name }) => name === token.name);
  return isOurs ? null : flag(token.name);
}

function valueOf(token: OptionToken, flags: readonly FlagShape[], command: string): string {
  if (token.name === 'help') return '';
  const flag = flags.find(({ name }) => name === token.name);
  if (!flag) throw unknownFlag(token.rawName, flags, command);
  if (flag.value === null) {
    if (token.value === undefined) return '';
    throw new CannotRunError(`--${flag.name} takes no value, and was given "${token.value}".`, {
      nextStep: `Write --${flag.name}, or leave it out.`,
    });
  }
  if (token.value !== undefined && (token.inlineValue || !token.value.startsWith('--'))) return token.value;
  throw missingValue(flag.name, flag.value, token.value, command);
}

function missingValue(name: string, placeholder: string, next: string | undefined, command: string): CannotRunError {
  const followed = next === undefined ? '' : `, and "${next}" follows`;
  return new CannotRunError(`--${name} needs a value${followed}: --${name} ${placeholder}`, {
    nextStep: next === undefined || next === '--' ? helpHint(command) : `If that is the value, write --${name}=${next}`,
  });
}

function unknownFlag(rawName: string, flags: readonly FlagShape[], command: string): CannotRunError {
  const names = [...flags.map(({ name }) => name), 'help'];
  const meant = nearest(rawName.replace(/^-+/, ''), names);
  const guess = meant ? ` Did you mean --${meant}?` : '';
  return new CannotRunError(`There is no flag ${rawName}.${guess}`, { nextStep: helpHint(command) });
}

/** How to get the help of a command. */
export function helpHint(command: string): string {
  return `See: shutdown-check ${command} --help`;
}
