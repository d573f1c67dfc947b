import type { Instruction, InstructionSource } from './dockerfile.ts';
import { type Place, type PlacedWord, placeIn } from './place.ts';

/** A CMD or an ENTRYPOINT as it is written. */
export interface CommandLine {
  readonly keyword: 'CMD' | 'ENTRYPOINT';
  /** `broken`: begins like a JSON list and is none, so that the builder takes it for shell form. */
  readonly form: 'exec' | 'shell' | 'broken';
  /** Of its keyword. */
  readonly place: Place;
  /** What follows the keyword, as it is written. */
  readonly text: string;
  readonly textPlace: Place;
  /** Exec form: the list's words. Shell form: none. */
  readonly words: readonly PlacedWord[];
  /** The words of SHELL in force here. Source: Dockerfile reference, SHELL; `/bin/sh -c` where there is none. */
  readonly shell: readonly string[];
  /** The instruction, and where in it `text` begins. */
  readonly source: InstructionSource;
  readonly textAt: number;
}

/** Reads a CMD or an ENTRYPOINT. */
export function readCommandLine(instruction: Instruction, file: string, shell: readonly string[]): CommandLine {
  const { source, keyword } = instruction;
  const { text, textAt, keywordAt } = argumentOf(source);
  const words = jsonWords(text);
  return {
    keyword: keyword === 'CMD' ? 'CMD' : 'ENTRYPOINT',
    form: words === null ? (looksLikeList(text) ? 'broken' : 'shell') : 'exec',
    place: placeIn(source, keywordAt, file),
    text,
    textPlace: placeIn(source, textAt, file),
    words: (words ?? []).map(({ text: word, at }) => ({ text: word, place: placeIn(source, textAt + at, file) })),
    shell,
    source,
    textAt,
  };
}

/** What follows an instruction's keyword, trimmed, and where both begin. */
export function argumentOf({ text }: InstructionSource): {
  readonly text: string;
  readonly textAt: number;
  readonly keywordAt: number;
} {
  const [, indent = '', keyword = '', gap = '', rest = ''] = /^(\s*)(\S+)(\s*)([^]*)$/.exec(text) ?? [];
  return {
    text: rest.trimEnd(),
    textAt: indent.length + keyword.length + gap.length,
    keywordAt: indent.length,
  };
}

/** The strings of a JSON list of strings and where each begins; null for anything else. */
export function jsonWords(text: string): readonly { readonly text: string; readonly at: number }[] | null {
  if (!text.startsWith('[')) return null;
  const list = parsedOrNull(text);
  if (!Array.isArray(list) || !list.every((word) => typeof word === 'string')) return null;
  const begins = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(({ index }) => index);
  return list.map((word, at) => ({ text: word, at: begins[at] ?? 0 }));
}

/** `[ -f a ] && b` and `[[ a ]]` are commands of the shell's own. */
function looksLikeList(text: string): boolean {
  return text.startsWith('[') && !/^\[(\[|\s[^]*\]\s*(&&|\|\||;))/.test(text);
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
