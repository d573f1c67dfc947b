import { existsSync, readFileSync } from 'node:fs';

/** Where the pages are, from the sources and from what is built of them alike. */
const FOLDER = new URL('../docs/findings/', import.meta.url);

/** The page of the documentation about a finding, as Markdown; null where there is none, as for a code of a later version. */
export function pageOf(code: string): string | null {
  const file = new URL(`${code}.md`, FOLDER);
  return /^[A-Z0-9_]+$/.test(code) && existsSync(file) ? readFileSync(file, 'utf8') : null;
}
