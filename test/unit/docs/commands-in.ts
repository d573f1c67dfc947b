import { type Command, forEachChild, parse, type SyntaxNode } from 'unbash';

import type { Block } from './documents.ts';

/** A command line of the documentation that starts this program. */
export interface DocumentedCommand {
  readonly document: string;
  /** As it is written. */
  readonly line: string;
  /** What the program gets. */
  readonly args: readonly string[];
}

/** How the program is started in documents, up to its own arguments. */
const STARTS = [
  ['npx', '--yes', /^shutdown-check(@[\d.]+)?$/],
  ['npx', 'shutdown-check'],
  ['shutdown-check'],
  ['node', 'dist/cli.js'],
] as const;

/** A word that stands for one of the reader's own: `<name>`, `NAME`, `CODE`. */
export function isPlaceholder(word: string): boolean {
  return /^<.+>$|^\[.+\]$|^[A-Z]{3,}$/.test(word);
}

/** The commands in a block of shell. */
export function commandsIn({ document, text }: Block): readonly DocumentedCommand[] {
  return wordsOfAll(text).flatMap((words) => {
    const args = argsOf(words);
    return args === null ? [] : [{ document, line: words.join(' '), args }];
  });
}

/** The words of every command in a script, as a shell hands them on. */
export function wordsOfAll(script: string): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command') found.push(wordsOf(node));
    forEachChild(node, visit);
  };
  visit(parse(script));
  return found;
}

function wordsOf({ name, args }: Command): readonly string[] {
  const words = args.map((one) => (one.type === 'Word' ? one.value : one.text));
  return name ? [name.value, ...words] : words;
}

function argsOf(words: readonly string[]): readonly string[] | null {
  // `exec` in front makes room for what follows.
  const given = words[0] === 'exec' ? words.slice(1) : words;
  const start = STARTS.find((one) =>
    one.every((word, nth) => (typeof word === 'string' ? given[nth] === word : word.test(given[nth] ?? ''))),
  );
  return start === undefined ? null : given.slice(start.length);
}
