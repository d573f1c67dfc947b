import { hasRegressed } from '../baseline/record.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure, isUnclear } from './cases.ts';
import type { Look } from './look.ts';
import { placeOf } from './place.ts';
import type { Saved } from './reporter.ts';
import { type Annotation, workflowCommands } from './workflow-command.ts';

/**
 * Workflow commands that become annotations of a pull request's files: what failed as an error, what could not tell and
 * what was warned of as a warning, the causes before all else. What is well says nothing.
 */
export function githubReporter({ result }: Saved, { folder }: Look): string {
  const all = [...regressionsOf(result), ...casesOf(result).flatMap(annotationsOf)];
  return workflowCommands(
    all.toSorted((a, b) => Number(b.isFirst) - Number(a.isFirst)),
    folder,
  );
}

/** GitHub shows few: what says most of all comes first. */
interface Ranked extends Annotation {
  readonly isFirst: boolean;
}

function annotationsOf(one: Case): readonly Ranked[] {
  if (one.asExpected === true) return [];
  if (one.asExpected === false) return [plain('error', one, 'not as expected', one.unexpected.join(' '))];
  const warnings = annotated(one, 'warning');
  if (one.brokenBecause !== null) return [plain('error', one, 'could not be run', one.brokenBecause), ...warnings];
  if (one.isKnown) return [plain('warning', one, 'fails as the baseline did', one.sentence), ...warnings];
  if (isUnclear(one)) return warnings.length > 0 ? warnings : [plain('warning', one, 'inconclusive', one.sentence)];
  if (!isFailure(one)) return warnings;
  const errors = annotated(one, 'error');
  return errors.length > 0 ? [...errors, ...warnings] : [plain('error', one, 'fail', one.sentence), ...warnings];
}

/** One a finding, that which says why before the others. */
function annotated(one: Case, level: 'error' | 'warning'): readonly Ranked[] {
  return one.findings
    .filter(({ severity }) => severity === level)
    .map((finding) => ({ ...found(finding, one), level }))
    .toSorted((a, b) => Number(b.isFirst) - Number(a.isFirst));
}

function found(finding: Finding, one: Case): Omit<Ranked, 'level'> {
  const isFirst = finding.code === (one.cause?.code ?? one.why);
  const advice = finding === one.cause ? one.remedy : finding.advice;
  const lines = [
    ...(isFirst && one.sentence !== finding.message ? [one.sentence] : []),
    finding.message,
    ...(advice === null ? [] : [`Do: ${advice}`]),
    ...(isFirst ? one.ending.slice(0, 1) : []),
    `More: shutdown-check explain ${finding.code}`,
  ];
  return {
    title: `${one.name}: ${finding.code}`,
    message: lines.join('\n'),
    place: placeOf(finding, one),
    isFirst,
  };
}

function plain(level: Annotation['level'], { name }: Case, what: string, message: string): Ranked {
  return { level, title: `${name}: ${what}`, message, place: null, isFirst: true };
}

/** Of a baseline that was to be written anew nothing counts. */
function regressionsOf({ baseline }: Result): readonly Ranked[] {
  if (baseline === undefined || !hasRegressed(baseline)) return [];
  return baseline.comparisons.flatMap(({ name, regressions }) =>
    regressions.map(({ message }) => ({
      level: 'error' as const,
      title: `${name}: worse than in ${baseline.file}`,
      message,
      place: null,
      isFirst: true,
    })),
  );
}
