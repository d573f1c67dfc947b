import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { CannotRunError, messageOf } from '../errors.ts';
import type { Look } from '../report/look.ts';
import type { Saved } from '../report/reporter.ts';
import { type ReporterChoice, REPORTERS } from '../report/reporters.ts';

/**
 * Writes the reports that go into files, each noted by `onWritten`. One that cannot be written keeps no other from being.
 * @throws CannotRunError for the first that cannot be.
 */
export async function writeReports(
  saved: Saved,
  choices: readonly ReporterChoice[],
  look: Look,
  onWritten: (file: string) => void,
): Promise<void> {
  const failures: unknown[] = [];
  for (const { name, file } of choices) {
    if (file === null) continue;
    try {
      const reporter = await REPORTERS[name]();
      await writeText(`--reporter ${name}=${file}`, file, reporter(saved, look));
      onWritten(file);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Writes a text that a flag names the file of, and the folder that it is in.
 * @throws CannotRunError where it cannot be written.
 */
export async function writeText(flag: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    throw new CannotRunError(`${flag} cannot be written: ${messageOf(cause)}`, {
      nextStep: 'Name a file in a folder that can be written.',
      cause,
    });
  }
}
