import { appendFile } from 'node:fs/promises';
import path from 'node:path';

import { githubReporter } from '../report/github.ts';
import type { Look } from '../report/look.ts';
import { markdownReporter } from '../report/markdown.ts';
import { PLAIN_LOOK, type Saved } from '../report/reporter.ts';
import type { OutputChoices } from './output-flags.ts';
import { isInWorkflow } from './workflow-log.ts';

/** What a workflow of GitHub Actions gets without being asked for: the annotations, and a summary of the job. */
export interface Announcement {
  /** Workflow commands for the log; empty where there is nothing to say. */
  readonly annotations: string;
  /** What the summary's file gets at its end, and which file; null where there is none. */
  readonly summary: { readonly file: string; readonly text: string } | null;
}

/**
 * What is announced from within a workflow; null outside of one. Annotations that go to the log as a report asked for by name
 * are not written twice.
 *
 * Source: GitHub's "Default environment variables" and "Workflow commands".
 */
export function announcementFor(
  saved: Saved,
  { reporters }: Pick<OutputChoices, 'reporters'>,
  environment: NodeJS.ProcessEnv,
  look: Look,
): Announcement | null {
  if (!isInWorkflow(environment)) return null;
  const file = environment['GITHUB_STEP_SUMMARY'];
  const isAskedFor = reporters.some((one) => one.name === 'github' && one.file === null);
  return {
    annotations: isAskedFor ? '' : githubReporter(saved, look),
    summary: file ? { file, text: `${markdownReporter(saved)}\n` } : null,
  };
}

/** The look of what a program reads: plain, and in a workflow with paths that count from the root of what was checked out. */
export function lookForPrograms(environment: NodeJS.ProcessEnv, directory: string): Look {
  const root = isInWorkflow(environment) ? environment['GITHUB_WORKSPACE'] : undefined;
  if (!root) return PLAIN_LOOK;
  const folder = path.relative(root, directory);
  const isInside = folder !== '' && !folder.startsWith('..') && !path.isAbsolute(folder);
  return isInside ? { ...PLAIN_LOOK, folder: folder.replaceAll('\\', '/') } : PLAIN_LOOK;
}

/** Adds to the summary what a step has to say; earlier steps have written there too. */
export async function addToSummary({ file, text }: NonNullable<Announcement['summary']>): Promise<void> {
  await appendFile(file, text);
}
