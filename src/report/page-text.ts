import { type Look, paint } from './look.ts';
import { paragraph } from './text.ts';

const BODY = '  ';
const CODE = '    ';

/**
 * A page of the documentation for a terminal: headings, paragraphs and lists wrapped, code indented as it is, links as their
 * words. It reads the Markdown that the pages are written in, and no more.
 */
export function renderPage(markdown: string, look: Look): string {
  const blocks = blocksOf(markdown).map((block) => renderBlock(block, look));
  return `${blocks.join('\n\n')}\n`;
}

/** Paragraphs, lists, tables and the like, which blank lines part; code with its fences is one, blank lines in it too. */
function blocksOf(markdown: string): readonly (readonly string[])[] {
  const blocks: string[][] = [[]];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    const isFence = line.startsWith('```');
    if (line === '' && !isCode) blocks.push([]);
    else blocks.at(-1)?.push(line);
    if (isFence) isCode = !isCode;
  }
  return blocks.filter(({ length }) => length > 0);
}

function renderBlock(block: readonly string[], look: Look): string {
  const [first = ''] = block;
  if (first.startsWith('#')) return paint(look, 'bold', words(first.replace(/^#+ /, '')));
  if (first.startsWith('```')) return block.slice(1, -1).map(codeLine).join('\n');
  if (first.startsWith('|')) return table(block, look);
  if (first.startsWith('>')) return paragraph(joined(block.map((line) => line.slice(1).trim())), look.width, CODE);
  if (isItem(first))
    return itemsOf(block)
      .map((item) => listItem(item, look))
      .join('\n');
  return paragraph(joined(block), look.width, BODY);
}

function codeLine(line: string): string {
  return line === '' ? '' : CODE + line;
}

function isItem(line: string): boolean {
  return /^(-|\d+\.) /.test(line);
}

/** Each item with the lines that go on it. */
function itemsOf(block: readonly string[]): readonly string[] {
  const items: string[][] = [];
  for (const line of block) {
    if (isItem(line)) items.push([line]);
    else items.at(-1)?.push(line.trim());
  }
  return items.map(joined);
}

function listItem(item: string, look: Look): string {
  const mark = /^\S+ /.exec(item)?.[0] ?? '';
  return paragraph(item.slice(mark.length), look.width, BODY + mark);
}

/** In columns where they fit; else a row as a sentence: what it is of, and what of it. */
function table(block: readonly string[], look: Look): string {
  const rows = block.filter((_, index) => index !== 1).map(cellsOf);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const width = BODY.length + widths.reduce((sum, one) => sum + one + 2, 0);
  if (width > look.width)
    return rows
      .slice(1)
      .map((row) => asSentence(row, look))
      .join('\n');
  const [head = [], ...body] = rows;
  return [paint(look, 'bold', inColumns(head, widths)), ...body.map((row) => inColumns(row, widths))].join('\n');
}

function cellsOf(line: string): readonly string[] {
  return words(line.replace(/^\| | \|$/g, ''))
    .split(/ \| /)
    .map((cell) => cell.trim());
}

function inColumns(cells: readonly string[], widths: readonly number[]): string {
  return (BODY + cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).trimEnd();
}

function asSentence([first = '', ...others]: readonly string[], look: Look): string {
  return paragraph(`${first}: ${others.join('; ')}`, look.width, `${BODY}- `);
}

function joined(lines: readonly string[]): string {
  return words(lines.join(' '));
}

/** Without what only a browser shows: links, bold. */
function words(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/\*\*([^*]+)\*\*/g, '$1');
}
