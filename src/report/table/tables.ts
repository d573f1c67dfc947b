import Table from 'cli-table3';
import { type Look, paint } from '../look.ts';

const FRAME = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
const RULES = ['left', 'right', 'middle', 'left-mid', 'mid', 'mid-mid', 'right-mid'];

/** Rows under a head and nothing around them: numbers stand under each other, and no line is there for its own sake. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  aligns: readonly ('left' | 'right')[],
  look: Look,
  indent = 2,
): string {
  const blank = Object.fromEntries([...FRAME, ...RULES].map((name) => [name, '']));
  const table = new Table({
    chars: { ...blank, middle: '  ' },
    head: head.map((cell) => dim(cell, look)),
    colAligns: [...aligns],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => (' '.repeat(indent) + line).trimEnd())
    .join('\n');
}

/** Line by line: the table would let the style of a cell of two lines run into its neighbours. */
function dim(cell: string, look: Look): string {
  return cell
    .split('\n')
    .map((line) => (line === '' ? line : paint(look, 'dim', line)))
    .join('\n');
}
