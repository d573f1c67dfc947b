import { CannotRunError } from '../errors.ts';
import { nearest } from '../plan/nearest.ts';
import { RANGES } from '../plan/ranges.ts';
import type { Scenario } from '../scenarios.ts';
import { parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { type Flag, fill } from './flag.ts';
import { EXIT_CODES, flagHelp } from './help.ts';
import { DEFAULT_FOLDER, OUTPUT_FLAGS, type OutputChoices, PLAIN_OUTPUT, outputFolderFlag } from './output-flags.ts';
import { keepEach } from './keep-each.ts';
import { numberOf } from './values.ts';

const OUTPUT = [
  ...OUTPUT_FLAGS,
  outputFolderFlag('Folder for a result of each scenario, kept as soon as it is done.', DEFAULT_FOLDER),
];

interface Choices {
  readonly list: boolean;
  /** How many at a time; null: eight times the cores. */
  readonly parallel: number | null;
}

const FLAGS: readonly Flag<Choices>[] = [
  {
    name: 'list',
    value: null,
    group: 'Scenarios',
    help: 'Only list the scenarios and what each expects.',
    read: () => ({ list: true }),
  },
  {
    name: 'parallel',
    value: 'N',
    group: 'Scenarios',
    help: 'How many run side by side. The longest start first.',
    fallback: 'eight times the cores',
    read: (_, text) => ({ parallel: numberOf('--parallel', text, RANGES.parallel, '4') }),
  },
];

const HELP = `Usage: shutdown-check scenarios [name...] [flags]

Runs the built-in examples: small apps that stop well, and apps that lose
requests in each of the usual ways. Every one says what it expects; the question
is whether it does as it says, not whether the app is any good.

Examples:
  shutdown-check scenarios --list
  shutdown-check scenarios
  shutdown-check scenarios shell-pid1 exec-form

${flagHelp([...FLAGS, ...OUTPUT])}
  --help                      This text.

${EXIT_CODES}
`;

/**
 * `shutdown-check scenarios`.
 * @throws CannotRunError for bad usage and for whatever keeps a scenario from taking place.
 */
export async function scenariosCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const { values, positionals, help } = parseArguments(args, [...FLAGS, ...OUTPUT], 'scenarios');
  if (help) return tell(HELP);
  const choices = await fill<Choices>(FLAGS, values, { list: false, parallel: null });
  const outputChoices = await fill(OUTPUT, values, PLAIN_OUTPUT);
  const { loadScenarios } = await import('../scenarios.ts');
  const chosen = pick(await loadScenarios(), positionals);
  return choices.list ? tell(listOf(chosen)) : runAll(chosen, choices, outputChoices, abort);
}

async function runAll(
  chosen: readonly Scenario[],
  { parallel }: Choices,
  choices: OutputChoices,
  abort: AbortSignal,
): Promise<Ending> {
  const [{ runScenarios }, { openOutput }, { availableParallelism }] = await Promise.all([
    import('../scenarios.ts'),
    import('./output.ts'),
    import('node:os'),
  ]);
  const output = openOutput(choices);
  const keeper = keepEach(output, choices.folder ?? DEFAULT_FOLDER, chosen.length);
  const result = await runScenarios(chosen, {
    parallel: parallel ?? availableParallelism() * 8,
    onProgress: keeper.onProgress,
    onScenario: keeper.onScenario,
    signal: abort,
  }).finally(() => output.live.end());
  output.report(result);
  await output.keep(
    result,
    result.runs.flatMap(({ scenario }) => keeper.ledgers.get(scenario ?? '') ?? []),
  );
  return { kind: 'scenarios', result };
}

/** The scenarios of these names, all where none is named. */
function pick(scenarios: readonly Scenario[], names: readonly string[]): readonly Scenario[] {
  const known = scenarios.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined)
    return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name));
  const meant = nearest(unknown, known);
  throw new CannotRunError(`There is no scenario "${unknown}".${meant ? ` Did you mean ${meant}?` : ''}`, {
    nextStep: 'See all of them: shutdown-check scenarios --list',
  });
}

function listOf(scenarios: readonly Scenario[]): string {
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  return scenarios
    .map(({ name, title, expected }) => {
      const expects = [expected.verdict, ...(expected.findings ?? [])].join(', ');
      return `${name.padEnd(width)}  ${title}\n${' '.repeat(width)}  expects: ${expects}\n`;
    })
    .join('');
}

function tell(text: string): Ending {
  process.stdout.write(text);
  return { kind: 'told' };
}
