import type { LintResult } from '../lint/lint.ts';
import type { Look } from './look.ts';

/** What lint found, in one format. */
export type LintReporter = (result: LintResult, look: Look) => string;

/** The formats beside the text, each loaded when it is asked for. */
export const LINT_REPORTERS = {
  sarif: async () => (await import('./lint-sarif.ts')).lintSarif,
  github: async () => (await import('./lint-github.ts')).lintGithub,
} as const satisfies Readonly<Record<string, () => Promise<LintReporter>>>;

export type LintReporterName = keyof typeof LINT_REPORTERS;

/** A format, and where it goes. */
export interface LintReporterChoice {
  readonly name: LintReporterName;
  /** null: standard output. */
  readonly file: string | null;
}
