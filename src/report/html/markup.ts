import { harmless } from '../text.ts';

/** Text that is HTML already. Everything else is escaped where it is put into one. */
export interface Markup {
  readonly html: string;
}

type Part = string | number | null | Markup | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template for HTML: what is filled in is text and cannot become a tag or an attribute, save where it is markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: strings.map((text, nth) => text + (nth < parts.length ? htmlOf(parts[nth] ?? null) : '')).join('') };
}

/** Nothing at all. */
export const NOTHING: Markup = { html: '' };

/** HTML that was made elsewhere, by something that escapes. */
export function made(html: string): Markup {
  return { html };
}

/** Words with their `code` set as code. */
export function prose(text: string): Markup {
  const parts = text.split(/`([^`\n]+)`/);
  return markup`${parts.map((part, nth) => (nth % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
}

/** JSON that a page carries in a script element. What could end the element is escaped, and the value stays the same. */
export function jsonFor(value: unknown): Markup {
  return made(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape));
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function htmlOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escape(part);
  return 'html' in part ? part.html : part.map(htmlOf).join('');
}

function escape(text: string): string {
  const lines = text.split('\n').map(harmless).join('\n');
  return lines.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
