import { existsSync } from 'node:fs';

import { expect, test } from 'vitest';

import { anchorsOf, DOCUMENTS, linksOf, read } from './documents.ts';

test.each(DOCUMENTS)('%s: links to files, and headings in them, that there are', (document) => {
  const broken = linksOf(document).filter(
    ({ file, anchor }) => !existsSync(file) || (anchor !== null && !anchorsOf(file).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test('every page can be reached from the index', () => {
  const reached = new Set(['docs/README.md']);
  for (const page of reached) {
    if (!page.endsWith('.md') || !page.startsWith('docs/')) continue;
    for (const { file } of linksOf(page)) reached.add(file);
  }
  expect(DOCUMENTS.filter((document) => document.startsWith('docs/') && !reached.has(document))).toEqual([]);
});

test('the index says of every page what it is for, itself', () => {
  const linked = new Set(linksOf('docs/README.md').map(({ file }) => file));
  expect(DOCUMENTS.filter((document) => document.startsWith('docs/') && !linked.has(document))).toEqual([
    'docs/README.md',
  ]);
});

test('the README stays what one reads in five minutes', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(200);
});
