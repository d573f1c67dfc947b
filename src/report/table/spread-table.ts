import type { Series, Spread } from '../../repeat/record.ts';
import type { Look } from '../look.ts';
import { time, whole } from '../text.ts';
import { plainTable } from './tables.ts';

/** The least, the middle and the most of what runs lost and took. */
export function spreadTable({ lost, drainMs, exitedAtMs }: Series, look: Look): string {
  const none = look.unicode ? '·' : '-';
  const cells = (spread: Spread | null, text: (value: number) => string): readonly string[] =>
    spread === null ? [none, none, none] : [text(spread.min), text(spread.median), text(spread.max)];
  return plainTable(
    ['', 'min', 'median', 'max'],
    [
      ['lost', ...cells(lost, whole)],
      ['drain', ...cells(drainMs, time)],
      ['exit', ...cells(exitedAtMs, time)],
    ],
    ['left', 'right', 'right', 'right'],
    look,
  );
}
