import { writeFile } from 'node:fs/promises';

import type { DoctorResult } from '../doctor.ts';
import { CannotRunError, messageOf } from '../errors.ts';
import { helpHint, parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { fill, type Flag } from './flag.ts';
import { flagHelp } from './help.ts';
import { textOf } from './values.ts';

interface Choices {
  /** File for what was found, `-` for standard output; null: none. */
  readonly json: string | null;
  readonly color: boolean;
}

/** Every flag of `doctor`. */
export const DOCTOR_FLAGS: readonly Flag<Choices>[] = [
  {
    name: 'json',
    value: 'FILE|-',
    group: 'Output',
    help: 'Save what was found as JSON. With - it goes to standard output, and the text to standard error.',
    read: (_, text) => ({ json: textOf('--json', text, 'a file, or - for standard output', 'doctor.json') }),
  },
  {
    name: 'no-color',
    value: null,
    group: 'Output',
    help: 'Plain text. The variable NO_COLOR does the same.',
    read: () => ({ color: false }),
  },
];

const HELP = `Usage: shutdown-check doctor [flags]

Tells what this machine has for a check: the engine and where it listens, how
containers are reached, what evidence can be had, what builds, whether images
can be pulled. For each thing that is missing: what that costs, and how to get
it. Nothing is started, built or pulled, and it takes a few seconds at most.

Examples:
  shutdown-check doctor
  shutdown-check doctor --json -

${flagHelp(DOCTOR_FLAGS)}
  --help                      This text.

Exit codes:
  0    images (run) or commands (exec) can be checked here
  2    neither can, or bad usage
`;

/**
 * `shutdown-check doctor`.
 * @throws CannotRunError for bad usage, and for a file that cannot be written.
 */
export async function doctorCommand(args: readonly string[]): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(args, DOCTOR_FLAGS, 'doctor');
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  refuseWords([...positionals, ...(rest ?? [])]);
  const choices = await fill<Choices>(DOCTOR_FLAGS, values, { json: null, color: true });
  const [{ doctor }, { renderDoctor }, { lookOf }] = await Promise.all([
    import('../doctor.ts'),
    import('../report/doctor-text.ts'),
    import('./output.ts'),
  ]);
  const result = await doctor();
  const stream = choices.json === '-' ? process.stderr : process.stdout;
  stream.write(renderDoctor(result, lookOf(stream, choices)));
  await keep(result, choices.json);
  return { kind: 'doctor', result };
}

function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return;
  throw new CannotRunError(`doctor looks at this machine, and takes no "${word}".`, {
    nextStep: `To check something: shutdown-check run ${word}\n${helpHint('doctor')}`,
  });
}

async function keep(result: DoctorResult, json: string | null): Promise<void> {
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else if (json !== null) {
    await writeFile(json, text).catch((cause: unknown) => {
      throw new CannotRunError(`--json ${json} cannot be written: ${messageOf(cause)}`, {
        nextStep: 'Name a file in a folder that can be written.',
        cause,
      });
    });
  }
}
