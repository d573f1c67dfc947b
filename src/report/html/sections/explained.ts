import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

import { pageOf } from '../../../pages.ts';
import { made, type Markup, markup } from '../markup.ts';
import { section } from '../parts.ts';
import { pageId } from './findings.ts';

/** A page's own headings go under the section's. */
const DEEPER = 2;

/** The pages of the documentation about all that was found, each once. */
export function explainedSection(codes: readonly string[]): Markup {
  const pages = [...new Set(codes)].flatMap((code) => {
    const page = pageOf(code);
    return page === null ? [] : [pagePart(code, page)];
  });
  return section({ id: 'all', level: 2 }, 'explained', 'What the findings mean', ...pages);
}

function pagePart(code: string, page: string): Markup {
  return markup`<details id="${pageId(code)}"><summary>${code}</summary>
<div class="page">${made(rendered(page))}</div>
</details>
`;
}

/** Links of the pages among each other lead nowhere from a single file, so their words stay and they do not. */
function rendered(page: string): string {
  const html = micromark(page, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return html
    .replace(/<(\/?)h([1-6])/g, (_all, end: string, level: string) => `<${end}h${Math.min(6, Number(level) + DEEPER)}`)
    .replace(/<a href="(?!https?:|#)[^"]*">([^]*?)<\/a>/g, '$1');
}
