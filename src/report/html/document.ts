import { createHash } from 'node:crypto';

import type { Assets } from './assets.ts';
import { made, type Markup, markup } from './markup.ts';

/** Nothing may be loaded, from nowhere, and no script may run but the one that the page is built with. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** The whole page, in one file. */
export function documentOf(title: string, content: Markup, assets: Assets): string {
  const script = inScript(assets.script);
  return markup`${made('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${made(assets.style.replaceAll('</', '<\\/'))}</style>
</head>
<body>
${content}
<script>${made(script)}</script>
</body>
</html>
`.html;
}

/** Within strings, templates and patterns, where alone these can stand, the backslash changes nothing. */
function inScript(script: string): string {
  return script.replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c');
}
