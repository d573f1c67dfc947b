import { LINT_REPORTERS, type LintReporterName } from '../report/lint-reporters.ts';
import { renderLint } from '../report/lint-text.ts';
import type { LintResult } from '../lint/lint.ts';
import { lookForPrograms } from './github-actions.ts';
import type { LintChoices } from './lint.ts';
import { lookOf } from './output.ts';
import { isInWorkflow, withoutCommands } from './workflow-log.ts';
import { writeText } from './write-reports.ts';

/**
 * Writes what lint found: the text, or what was asked for in its place, then what goes into files.
 * @param flagsForRun those that `run` has to be given as well
 * @throws CannotRunError for a file that cannot be written.
 */
export async function tellLint(
  result: LintResult,
  { json, reporters, color }: Pick<LintChoices, 'json' | 'reporters' | 'color'>,
  flagsForRun: readonly string[],
): Promise<void> {
  const asJson = `${JSON.stringify(result, null, 2)}\n`;
  const toStdout = reporters.find(({ file }) => file === null)?.name ?? null;
  const stream = json === '-' ? process.stderr : process.stdout;
  if (toStdout !== 'sarif') {
    const text = renderLint(result, lookOf(stream, { color }), flagsForRun);
    stream.write(withoutCommands(text, process.env));
  }
  if (json === '-') process.stdout.write(asJson);
  if (toStdout !== null) process.stdout.write(await rendered(result, toStdout));
  // Beside SARIF or JSON on standard output annotations would be in its way; a workflow reads both streams.
  if (toStdout !== 'github' && isInWorkflow(process.env)) {
    (toStdout === null ? stream : process.stderr).write(await rendered(result, 'github'));
  }
  if (json !== null && json !== '-') await writeText(`--json ${json}`, json, asJson);
  for (const { name, file } of reporters) {
    if (file !== null) await writeText(`--reporter ${name}=${file}`, file, await rendered(result, name));
  }
}

async function rendered(result: LintResult, name: LintReporterName): Promise<string> {
  const reporter = await LINT_REPORTERS[name]();
  return reporter(result, lookForPrograms(process.env, process.cwd()));
}
