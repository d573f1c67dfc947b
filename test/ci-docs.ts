import { readFileSync } from 'node:fs';

const text = readFileSync('docs/ci.md', 'utf8');

/** The block of docs/ci.md that follows a mark. */
export function blockAfter(mark: string): string {
  const start = text.indexOf(`<!-- ${mark} -->\n\n\`\`\``);
  const [, block] = /^```\w+\n([^]*?)^```$/m.exec(text.slice(start)) ?? [];
  if (start === -1 || block === undefined) throw new Error(`docs/ci.md has no block after ${mark}`);
  return block;
}

/** The only code span that matches, such as flags to be added to a command. */
export function spanWith(words: RegExp): string {
  const found = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span).filter((span) => words.test(span));
  const [span, more] = found;
  if (span === undefined || more !== undefined) throw new Error(`docs/ci.md has ${found.length} spans like ${words}`);
  return span;
}

/** Everything in it. */
export const CI_DOCS = text;
