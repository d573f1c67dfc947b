import { existsSync, readFileSync } from 'node:fs';

/** Where the pages are, from the sources and from what is built of them alike. */
const FOLDER = new URL('../docs/findings/', import.meta.url);
const LINT_PAGE = new URL('../docs/lint.md', import.meta.url);

/** The page of the documentation about a finding, as Markdown; null where there is none, as for a code of a later version. */
export function pageOf(code: string): string | null {
  const file = new URL(`${code}.md`, FOLDER);
  return /^[A-Z0-9_]+$/.test(code) && existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** What a finding is, in one sentence: the second paragraph of its page; null where it has none. */
export function summaryOf(code: string): string | null {
  return pageOf(code)?.split('\n\n')[1] ?? null;
}

/** What the documentation says of a code of lint's, as Markdown; null where it is none. */
export function lintPageOf(code: string): string | null {
  if (!existsSync(LINT_PAGE)) return null;
  const sections = readFileSync(LINT_PAGE, 'utf8').split(/^### /m).slice(1);
  const section = sections.find((one) => one.startsWith(`${code}\n`));
  // Its links are from another folder than those of the pages.
  return section === undefined ? null : `# ${section.replaceAll('](findings/', '](')}`;
}
