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

/**
 * Takes the arguments of a command apart.
 * @throws CannotRunError for an unknown flag, with the nearest one, and for a missing or needless value.
 */
export function parseArguments(args: readonly string[], flags: readonly FlagShape[], command: string): Arguments {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  let rest: string[] | null = null;
  for (const token of tokensOf(args, flags)) {
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

type OptionToken = Extract<ReturnType<typeof tokensOf>[number], { kind: 'option' }>;

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
