import type { InstructionSource } from './dockerfile.ts';

/** A place in a file, as editors count: from 1, columns in UTF-16 code units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A word, without its quotes, and where it begins. */
export interface PlacedWord {
  readonly text: string;
  readonly place: Place;
}

/** Where in its file an offset into an instruction's text is. */
export function placeIn({ pieces }: InstructionSource, offset: number, file: string): Place {
  const piece = pieces.findLast(({ at }) => at <= offset);
  return { file, line: piece?.line ?? 1, column: offset - (piece?.at ?? 0) + 1 };
}

/** Where an offset into a whole file's text is. */
export function placeInText(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
