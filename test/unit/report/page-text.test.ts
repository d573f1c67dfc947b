import { expect, test } from 'vitest';

import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../../../src/diagnosis/finding.ts';
import { pageOf } from '../../../src/pages.ts';
import { renderPage } from '../../../src/report/page-text.ts';

const PLAIN = { color: false, width: 60, unicode: true };

const PAGE = `# CODE

Text that goes on
over a line, with a [link](OTHER.md) and a **strong** word, and so beyond sixty columns.

> Said so.

## A heading

- an item that
  goes on
- another

1. one
2. two

| what | is  |
| ---- | --- |
| a    | b   |

\`\`\`sh
npx shutdown-check run .

| a pipe | that is code |
\`\`\`
`;

test('a page is its headings, wrapped paragraphs, lists, tables and its code as it is', () => {
  expect(renderPage(PAGE, PLAIN)).toBe(`CODE

  Text that goes on over a line, with a link and a strong
  word, and so beyond sixty columns.

    Said so.

A heading

  - an item that goes on
  - another

  1. one
  2. two

  what  is
  a     b

    npx shutdown-check run .

    | a pipe | that is code |
`);
});

test('a table that is too wide becomes a sentence for each row', () => {
  const wide = `| what | is |\n| - | - |\n| a | ${'word '.repeat(20).trim()} |\n`;
  expect(renderPage(wide, PLAIN)).toMatch(/^ {2}- a: word word.*\n {4}word/);
});

test.each([...CAUSES, ...CONSEQUENCES, ...ROLLOUT_CODES])(
  '%s: reads well at 80 columns, with nothing of Markdown left but code spans',
  (code) => {
    const text = renderPage(pageOf(code) ?? '', { ...PLAIN, width: 80 });
    const prose = text.split('\n').filter((line) => !line.startsWith('    '));
    expect(prose.filter((line) => line.length > 80)).toEqual([]);
    expect(prose.filter((line) => /^#|\]\(|\*\*|^```|^\s*\|/.test(line))).toEqual([]);
  },
);
