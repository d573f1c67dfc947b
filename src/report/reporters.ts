import type { Reporter } from './reporter.ts';

/** The formats, each loaded when it is asked for. */
export const REPORTERS = {
  table: async () => (await import('./table/table.ts')).tableReporter,
  json: async () => (await import('./json.ts')).jsonReporter,
  junit: async () => (await import('./junit.ts')).junitReporter,
  markdown: async () => (await import('./markdown.ts')).markdownReporter,
  sarif: async () => (await import('./sarif.ts')).sarifReporter,
  github: async () => (await import('./github.ts')).githubReporter,
  html: async () => (await import('./html/html.ts')).htmlReporter,
} as const satisfies Readonly<Record<string, () => Promise<Reporter>>>;

export type ReporterName = keyof typeof REPORTERS;

export const REPORTER_NAMES = Object.keys(REPORTERS) as readonly ReporterName[];

/** A report, and where it goes. */
export interface ReporterChoice {
  readonly name: ReporterName;
  /** null: standard output. */
  readonly file: string | null;
}
