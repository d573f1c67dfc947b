import { appendFile } from 'node:fs/promises';

import { githubReporter } from '../report/github.ts';
import { markdownReporter } from '../report/markdown.ts';
import { PLAIN_LOOK, type Reporter, type Saved } from '../report/reporter.ts';
import type { OutputChoices } from './output-flags.ts';

/** What a workflow of GitHub Actions gets without being asked for: the annotations, and a summary of the job. */
export interface Announcement {
  /** Workflow commands for the log; empty where there is nothing to say. */
  readonly annotations: string;
  /** What the summary's file gets at its end, and which file; null where there is none. */
  readonly summary: { readonly file: string; readonly text: string } | null;
}

/**
 * What is announced from within a workflow; null outside of one. What was asked for by name is not written twice.
 *
 * Source: GitHub's "Default environment variables" and "Workflow commands".
 */
export function announcementFor(
  saved: Saved,
  { reporters }: Pick<OutputChoices, 'reporters'>,
  environment: NodeJS.ProcessEnv,
): Announcement | null {
  if (environment['GITHUB_ACTIONS'] !== 'true') return null;
  const file = environment['GITHUB_STEP_SUMMARY'];
  const of = (reporter: Reporter): string => reporter(saved, PLAIN_LOOK);
  return {
    annotations: reporters.some(({ name }) => name === 'github') ? '' : of(githubReporter),
    summary: file ? { file, text: `${of(markdownReporter)}\n` } : null,
  };
}

/** Adds to the summary what a step has to say; earlier steps have written there too. */
export async function addToSummary({ file, text }: NonNullable<Announcement['summary']>): Promise<void> {
  await appendFile(file, text);
}
