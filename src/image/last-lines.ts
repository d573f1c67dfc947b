import { stripVTControlCharacters } from 'node:util';

/** Enough of a builder's output to find the step that failed in it; a build may put out a million lines. */
const KEPT = 500;

/** Keeps the last lines of an output. */
export interface LastLines {
  /** Gives the line back as it is kept: without colours, which the legacy builder puts around stderr. */
  add(line: string): string;
  /** Oldest first. */
  all(): readonly string[];
}

export function lastLines(kept = KEPT): LastLines {
  let lines: string[] = [];
  return {
    add(line) {
      const plain = stripVTControlCharacters(line);
      lines.push(plain);
      // In blocks: taking off the first of an array for each line moves all the others.
      if (lines.length >= kept * 2) lines = lines.slice(-kept);
      return plain;
    },
    all: () => lines.slice(-kept),
  };
}
