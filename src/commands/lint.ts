import { CannotRunError } from '../errors.ts';
import type { LintOptions } from '../lint/lint.ts';
import { badValue } from '../plan/bad-value.ts';
import { parseVariable } from '../plan/env-file.ts';
import type { LintReporterChoice, LintReporterName } from '../report/lint-reporters.ts';
import { helpHint, parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { fill, type Flag, type FlagValues } from './flag.ts';
import { flagHelp } from './help.ts';
import { checkOutput, partsOf } from './output-flags.ts';
import { textOf } from './values.ts';

/** What the user wants looked at, and to see and keep. */
export interface LintChoices extends LintOptions {
  /** File for the findings, `-` for standard output; null: none. */
  readonly json: string | null;
  readonly reporters: readonly LintReporterChoice[];
  readonly color: boolean;
}

const REPORTER_NAMES: readonly LintReporterName[] = ['sarif', 'github'];

/** Every flag of `lint`. */
export const LINT_FLAGS: readonly Flag<LintChoices>[] = [
  {
    name: 'context',
    value: 'DIR',
    group: 'Target and build',
    help: 'Build context: where the scripts are that COPY and ADD name.',
    fallback: "the Dockerfile's folder",
    read: (_, text) => ({ context: textOf('--context', text, 'a folder', '.') }),
  },
  {
    name: 'build-target',
    value: 'STAGE',
    group: 'Target and build',
    help: 'Stage of a multi-stage Dockerfile to look at.',
    fallback: 'the last one',
    read: (_, text) => ({ buildTarget: textOf('--build-target', text, 'a stage', 'production') }),
  },
  {
    name: 'build-arg',
    value: 'KEY=VALUE',
    repeatable: true,
    group: 'Target and build',
    help: 'Build argument, where the base image or the stop signal hangs on one; a bare KEY takes its value from the environment.',
    read: (choices, text) => ({
      buildArgs: { ...choices.buildArgs, ...parseVariable(text, '--build-arg', process.env) },
    }),
  },
  {
    name: 'reporter',
    value: 'NAME[=FILE]',
    repeatable: true,
    group: 'Output',
    help: 'The findings in another format, into a file or, without one, to standard output: sarif in place of the text, github after it. In a workflow of GitHub Actions github comes by itself.',
    read: ({ reporters }, text) => ({ reporters: [...reporters, reporterOf(text)] }),
  },
  {
    name: 'json',
    value: 'FILE|-',
    group: 'Output',
    help: 'Save the findings as JSON. With - they go to standard output, and the text to standard error.',
    read: (_, text) => ({ json: textOf('--json', text, 'a file, or - for standard output', 'lint.json') }),
  },
  {
    name: 'no-color',
    value: null,
    group: 'Output',
    help: 'Plain text. The variable NO_COLOR does the same.',
    read: () => ({ color: false }),
  },
];

const HELP = `Usage: shutdown-check lint <Dockerfile|folder> [flags]

Tells what a Dockerfile and the scripts beside it say about the stop, without
building or running anything: a shell in front of the app, an entrypoint script
that starts it without exec, a package manager as PID 1, a stop signal that is
missing or wrong. Each finding has its line and column, what to write instead,
and what the files do not tell.

It cannot see whether the app handles the signal, or in what time it drains:
shutdown-check run shows that.

Examples:
  shutdown-check lint .
  shutdown-check lint ./api/Dockerfile --context .
  shutdown-check lint . --build-target production
  shutdown-check lint . --json -
  shutdown-check lint . --reporter sarif=reports/lint.sarif

${flagHelp(LINT_FLAGS)}
  --help                      This text.

Exit codes:
  0    no error; there may be warnings
  1    an error: as far as files can tell, it loses requests
  2    could not lint: no Dockerfile, no FROM in it, bad usage
`;

/**
 * `shutdown-check lint`.
 * @throws CannotRunError for bad usage, and where there is no Dockerfile to read.
 */
export async function lintCommand(args: readonly string[]): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(args, LINT_FLAGS, 'lint');
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const target = targetOf([...positionals, ...(rest ?? [])]);
  const choices = await fill<LintChoices>(LINT_FLAGS, values, { target, json: null, reporters: [], color: true });
  checkOutput(choices);
  const [{ lint }, { tellLint }] = await Promise.all([import('../lint/lint.ts'), import('./lint-output.ts')]);
  const result = await lint(choices);
  await tellLint(result, choices, flagsForRun(values));
  return { kind: 'lint', result };
}

/** What says which image is built, as it was given: `run` takes the same. */
function flagsForRun(values: FlagValues): readonly string[] {
  return ['context', 'build-target', 'build-arg'].flatMap((name) =>
    (values.get(name) ?? []).flatMap((value) => [`--${name}`, value]),
  );
}

function targetOf([target, extra]: readonly string[]): string {
  if (target === undefined) {
    throw new CannotRunError('lint needs a Dockerfile, or a folder with one.', {
      nextStep: `For example: shutdown-check lint .\n${helpHint('lint')}`,
    });
  }
  if (extra === undefined) return target;
  throw new CannotRunError(`lint takes one Dockerfile, and was given "${target}" and "${extra}".`, {
    nextStep: helpHint('lint'),
  });
}

function reporterOf(text: string): LintReporterChoice {
  const { name: given, file } = partsOf(text);
  const name = REPORTER_NAMES.find((one) => one === given);
  if (name !== undefined && file !== '') return { name, file };
  const takes = `one of ${REPORTER_NAMES.join(', ')}, and after = a file`;
  throw badValue({ name: '--reporter', value: text, takes, example: '--reporter sarif=reports/lint.sarif' });
}
