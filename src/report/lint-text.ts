import type { LintResult, ShownFinding } from '../lint/lint.ts';
import { type Look, paint } from './look.ts';
import { cut, harmless, paragraph, plural, shellWord } from './text.ts';

const ORDER = ['error', 'warning', 'info'] as const;
const STYLES = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/**
 * What lint found, a paragraph each, in the `file:line:column` form that editors make a link of.
 *
 * @param flags those that `run` has to be given as well, to build the same image
 */
export function renderLint({ findings, dockerfile }: LintResult, look: Look, flags: readonly string[]): string {
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    [...sorted.map((finding) => describe(finding, look)), lastLines(findings, dockerfile, flags)].join('\n\n') + '\n'
  );
}

function describe(finding: ShownFinding, look: Look): string {
  const { file, line, column, severity, code, message, advice, couldNotKnow } = finding;
  const title = `${paint(look, 'bold', harmless(`${file}:${line}:${column}`))} ${paint(look, ['bold', STYLES[severity]], severity)} ${code}`;
  return [
    title,
    ...excerpt(finding, look),
    paragraph(message, look.width, '  '),
    ...(advice === null ? [] : [paragraph(advice, look.width, '  Do: ')]),
    ...(couldNotKnow === null ? [] : [paragraph(`${couldNotKnow}.`, look.width, '  Not known: ')]),
  ].join('\n');
}

/** The line, and a caret under the column; a line that is longer than the screen is cut on both sides. */
function excerpt({ excerpt: text, line, column }: ShownFinding, look: Look): readonly string[] {
  const number = String(line).padStart(5);
  const width = look.width - number.length - 3;
  const before = harmless(text.slice(0, column - 1));
  const from = Math.max(0, before.length - Math.floor(width / 2));
  const shown = cut(harmless(text).slice(from), width);
  return [
    `${number} | ${shown}`,
    `${' '.repeat(number.length)} | ${' '.repeat(before.length - from)}${paint(look, 'bold', '^')}`,
  ];
}

function lastLines(findings: readonly ShownFinding[], dockerfile: string, flags: readonly string[]): string {
  const counts = ORDER.map(
    (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
  );
  const told = counts.filter(([, count]) => count > 0).map(([severity, count]) => many(count, severity));
  const found = told.length === 0 ? `Nothing to tell of ${harmless(dockerfile)}.` : `${told.join(', ')}.`;
  // Not wrapped: the command in it is for copying.
  const command = ['shutdown-check', 'run', dockerfile, ...flags].map(shellWord).join(' ');
  return `${found}\nlint sees only files: \`${command}\` shows what really happens.`;
}

function many(count: number, severity: (typeof ORDER)[number]): string {
  return severity === 'info' ? `${count} info` : plural(count, severity);
}
