import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What is written for users, and for who works on it. */
export const DOCUMENTS: readonly string[] = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md').toSorted()];

export function read(document: string): string {
  return readFileSync(document, 'utf8');
}

/** A block of code in a document. */
export interface Block {
  readonly document: string;
  readonly language: string;
  readonly text: string;
}

export function blocksOf(document: string): readonly Block[] {
  return [...read(document).matchAll(/^( *)```(\w*)\n([^]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', text = '']) => ({
      document,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** The text without its code, in which links and headings are. */
export function proseOf(document: string): string {
  return read(document)
    .replace(/^( *)```\w*\n[^]*?^\1```$/gm, '')
    .replace(/<!--[^]*?-->/g, '');
}

/** The files and anchors that a document links to, each from the root of the repository; addresses elsewhere are left out. */
export function linksOf(document: string): readonly { readonly file: string; readonly anchor: string | null }[] {
  const links = [
    ...proseOf(document)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor = null] = link.split('#');
      return { file: file === '' ? document : path.join(path.dirname(document), file), anchor };
    });
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(document: string): readonly string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
