import { CannotRunError } from '../errors.ts';
import { helpHint, parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { fill } from './flag.ts';
import { flagHelp } from './help.ts';
import { OUTPUT_FLAGS, PLAIN_OUTPUT } from './output-flags.ts';

/** Every flag of `report`. */
export const REPORT_FLAGS = OUTPUT_FLAGS.filter(({ name }) => name === 'reporter' || name === 'no-color');

const HELP = `Usage: shutdown-check report <result.json> [flags]

Shows a saved result again, in any format: also one that an earlier version has
saved. Nothing is run, and nothing is judged anew. The ledger beside the result
has every single request; where it is gone, what is drawn from it is left out.

Examples:
  shutdown-check report reports/result.json
  shutdown-check report reports/result.json --reporter json

${flagHelp(REPORT_FLAGS)}
  --help                      This text.

Exit codes:
  0    shown, whatever the verdict
  2    could not: no such file, not a result, one of a later version
`;

/**
 * `shutdown-check report`.
 * @throws CannotRunError for bad usage, for a file that is no result, and for a report that cannot be written.
 */
export async function reportCommand(args: readonly string[]): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(args, REPORT_FLAGS, 'report');
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const file = fileOf([...positionals, ...(rest ?? [])]);
  const choices = await fill(REPORT_FLAGS, values, PLAIN_OUTPUT);
  const [{ openOutput }, { readSaved }] = await Promise.all([import('./output.ts'), import('../saved/read.ts')]);
  const output = openOutput(choices);
  const saved = await readSaved(file);
  await output.report(saved);
  await output.write(saved);
  return { kind: 'told' };
}

function fileOf([file, extra]: readonly string[]): string {
  if (file === undefined) {
    throw new CannotRunError('report needs the file of a saved result.', {
      nextStep: `For example: shutdown-check report reports/result.json\n${helpHint('report')}`,
    });
  }
  if (extra === undefined) return file;
  throw new CannotRunError(`report takes one result, and was given "${file}" and "${extra}".`, {
    nextStep: helpHint('report'),
  });
}
