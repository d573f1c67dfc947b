import type { Finding } from '../diagnosis/finding.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure, isUnclear } from './cases.ts';
import { placeOf } from './place.ts';
import type { Saved } from './reporter.ts';
import { harmless } from './text.ts';

/** GitHub shows so many of each level for a step. */
const MOST_OF_A_LEVEL = 10;

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Workflow commands that become annotations of a pull request's files: what failed as an error, what could not tell and
 * what was warned of as a warning. What is well says nothing.
 *
 * Their form: GitHub's "Workflow commands for GitHub Actions".
 */
export function githubReporter({ result }: Saved): string {
  const annotations = [...casesOf(result).flatMap(annotationsOf), ...regressionsOf(result)];
  const shown = (['error', 'warning'] as const).flatMap((level) =>
    annotations.filter((one) => one.level === level).slice(0, MOST_OF_A_LEVEL),
  );
  return shown.map((one) => `${commandOf(one)}\n`).join('');
}

function annotationsOf(one: Case): readonly Annotation[] {
  if (one.asExpected === true) return [];
  if (one.asExpected === false) return [plain('error', one, 'not as expected', one.unexpected.join(' '))];
  const warnings = one.findings.filter(({ severity }) => severity === 'warning').map((finding) => found(finding, one));
  if (isUnclear(one)) return [plain('warning', one, 'inconclusive', one.sentence), ...warnings];
  if (one.isKnown) return [plain('warning', one, 'fails as the baseline did', one.sentence), ...warnings];
  if (!isFailure(one)) return warnings;
  const errors = one.findings.filter(({ severity }) => severity === 'error').map((finding) => found(finding, one));
  return errors.length > 0 ? [...errors, ...warnings] : [plain('error', one, 'fail', one.sentence), ...warnings];
}

function found(finding: Finding, one: Case): Annotation {
  const place = placeOf(finding, one);
  const advice = finding === one.cause ? one.remedy : finding.advice;
  const lines = [
    ...(finding === one.cause ? [one.sentence] : []),
    finding.message,
    ...(advice === null ? [] : [`Do: ${advice}`]),
    `More: shutdown-check explain ${finding.code}`,
  ];
  return {
    level: finding.severity === 'error' ? 'error' : 'warning',
    title: `${one.name}: ${finding.code}`,
    message: lines.join('\n'),
    properties: place === null ? {} : { file: place.file, ...(place.line !== null && { line: String(place.line) }) },
  };
}

function plain(level: Annotation['level'], { name }: Case, what: string, message: string): Annotation {
  return { level, title: `${name}: ${what}`, message, properties: {} };
}

function regressionsOf({ baseline }: Result): readonly Annotation[] {
  return (baseline?.comparisons ?? []).flatMap(({ name, regressions }) =>
    regressions.map(({ message }) => ({
      level: 'error' as const,
      title: `${name}: worse than the baseline`,
      message,
      properties: {},
    })),
  );
}

function commandOf({ level, title, message, properties }: Annotation): string {
  const all = Object.entries({ ...properties, title }).map(([name, value]) => `${name}=${asProperty(value)}`);
  return `::${level} ${all.join(',')}::${asData(message)}`;
}

function asData(text: string): string {
  const lines = text.split('\n').map(harmless);
  return lines.join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function asProperty(text: string): string {
  return asData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
