import type { Config } from '../config/config.ts';
import { CannotRunError } from '../errors.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { nearest } from '../plan/nearest.ts';
import { RANGES } from '../plan/ranges.ts';
import { recordsOf } from '../result.ts';
import type { Scenario, ScenarioEngine } from '../scenarios.ts';
import type { Sorted } from '../without-engine/sort-out.ts';
import { parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { readConfig, scenariosOf } from './configured.ts';
import { type Flag, fill } from './flag.ts';
import { EXIT_CODES, flagHelp } from './help.ts';
import { DEFAULT_FOLDER, OUTPUT_FLAGS, PLAIN_OUTPUT, outputFolderFlag } from './output-flags.ts';
import { keepEach } from './keep-each.ts';
import type { Output } from './output.ts';
import { leftOut, listOf } from './scenario-list.ts';
import { choiceOf, numberOf } from './values.ts';

const OUTPUT = [
  ...OUTPUT_FLAGS,
  outputFolderFlag('Folder for a result of each scenario, kept as soon as it is done.', DEFAULT_FOLDER),
];

interface Choices {
  /** Whether the built-in ones are meant although the configuration has some. */
  readonly builtIn: boolean;
  readonly list: boolean;
  readonly engine: ScenarioEngine;
  /** How many at a time; null: four times the cores. */
  readonly parallel: number | null;
}

const ENGINES: readonly ScenarioEngine[] = ['docker', 'namespace'];

/** The flags that only `scenarios` has. */
export const SCENARIO_FLAGS: readonly Flag<Choices>[] = [
  {
    name: 'built-in',
    value: null,
    group: 'Scenarios',
    help: 'The built-in scenarios, also where the configuration has scenarios of its own.',
    read: () => ({ builtIn: true }),
  },
  {
    name: 'list',
    value: null,
    group: 'Scenarios',
    help: 'Only list the scenarios, what each expects, and which run without an engine.',
    read: () => ({ list: true }),
  },
  {
    name: 'engine',
    value: 'ENGINE',
    group: 'Scenarios',
    help: 'docker, or namespace: without an engine, as `exec` does it, those whose point is a command and not an image.',
    fallback: 'docker',
    read: (_, text) => ({ engine: choiceOf('--engine', text, ENGINES) }),
  },
  {
    name: 'parallel',
    value: 'N',
    group: 'Scenarios',
    help: 'How many run side by side. The longest start first.',
    fallback: 'four times the cores',
    read: (_, text) => ({ parallel: numberOf('--parallel', text, RANGES.parallel, '4') }),
  },
];

const HELP = `Usage: shutdown-check scenarios [name...] [flags]

Runs the built-in examples: small apps that stop well, and apps that lose
requests in each of the usual ways. Every one says what it expects; the question
is whether it does as it says, not whether the app is any good.

Scenarios of one's own stand in shutdown-check.yaml. Where it has some, they run
in the place of the built-in ones; a name may be of either.

Examples:
  shutdown-check scenarios --list
  shutdown-check scenarios
  shutdown-check scenarios shell-pid1 exec-form
  shutdown-check scenarios --engine namespace

${flagHelp([...SCENARIO_FLAGS, ...CONFIG_FLAGS, ...OUTPUT])}
  --help                      This text.

${EXIT_CODES}
`;

/**
 * `shutdown-check scenarios`.
 * @throws CannotRunError for bad usage and for whatever keeps a scenario from taking place.
 */
export async function scenariosCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const { values, positionals, help } = parseArguments(
    args,
    [...SCENARIO_FLAGS, ...CONFIG_FLAGS, ...OUTPUT],
    'scenarios',
  );
  if (help) return tell(HELP);
  const choices = await fill<Choices>(SCENARIO_FLAGS, values, {
    builtIn: false,
    list: false,
    engine: 'docker',
    parallel: null,
  });
  const outputChoices = await fill(OUTPUT, values, PLAIN_OUTPUT);
  const { loadScenarios } = await import('../scenarios.ts');
  const config = await readConfig(values);
  const own = choices.builtIn ? [] : await scenariosOf(config);
  const builtIn = await loadScenarios();
  const chosen = positionals.length === 0 && own.length > 0 ? own : pick([...own, ...builtIn], positionals);
  if (choices.list) return tell(listOf(await sorted(chosen)));
  const { openOutput } = await import('./output.ts');
  const output = openOutput(outputChoices);
  if (own.length > 0) tellWhose(config, own.length, positionals.length > 0, output);
  // One that is named and cannot run is an error, which the run itself has.
  const able = positionals.length > 0 ? chosen : await thoseThatCan(chosen, choices.engine, output);
  return await runAll(able, choices, outputChoices.folder ?? DEFAULT_FOLDER, output, abort);
}

/** Whose scenarios run is not to be guessed. */
function tellWhose(config: Config | null, count: number, areNamed: boolean, output: Output): void {
  const which = areNamed
    ? ''
    : ` Its ${count === 1 ? 'scenario runs' : `${count} scenarios run`}; --built-in runs the built-in ones.`;
  output.note(`Using ${config?.file ?? ''}.${which}`);
}

async function sorted(scenarios: readonly Scenario[]): Promise<readonly Sorted[]> {
  const { sortOut } = await import('../without-engine/sort-out.ts');
  return await sortOut(scenarios);
}

/** Those that this machine can run; says which it cannot, and why. */
async function thoseThatCan<One extends Scenario>(
  scenarios: readonly One[],
  engine: ScenarioEngine,
  output: Output,
): Promise<readonly One[]> {
  if (engine === 'docker') return await thoseWithBalancer(scenarios, output);
  const all = await sorted(scenarios);
  const able = all.filter(({ how }) => how.kind === 'command').map(({ scenario }) => scenario.name);
  if (able.length === 0) throw new CannotRunError('No scenario runs here without an engine.', { detail: leftOut(all) });
  if (able.length < all.length) output.note(['Left out without an engine:', ...leftOut(all)].join('\n'));
  return scenarios.filter(({ name }) => able.includes(name));
}

async function thoseWithBalancer<One extends Scenario>(
  scenarios: readonly One[],
  output: Output,
): Promise<readonly One[]> {
  const { balancerFile } = await import('../plan/balancer.ts');
  const rollouts = scenarios.filter(({ rollout }) => rollout !== undefined);
  if (rollouts.length === 0 || balancerFile(DEFAULTS.balancer) !== null) return scenarios;
  output.note(`Left out, for ${DEFAULTS.balancer} is not installed: ${rollouts.map(({ name }) => name).join(', ')}`);
  return scenarios.filter((one) => !rollouts.includes(one));
}

async function runAll(
  chosen: readonly Scenario[],
  { engine, parallel }: Choices,
  folder: string,
  output: Output,
  abort: AbortSignal,
): Promise<Ending> {
  const [{ runScenarios }, { availableParallelism }] = await Promise.all([
    import('../scenarios.ts'),
    import('node:os'),
  ]);
  if (engine === 'namespace') await sayWhetherOneByOne(output);
  const keeper = keepEach(output, folder, chosen.length);
  const result = await runScenarios(chosen, {
    engine,
    parallel: parallel ?? availableParallelism() * 4,
    onProgress: keeper.onProgress,
    onScenario: keeper.onScenario,
    signal: abort,
  }).finally(() => output.live.end());
  const ledgers = recordsOf(result).map(({ scenario }) => keeper.ledgers.get(scenario ?? '') ?? null);
  await output.report({ result, ledgers });
  await output.keep({ result, ledgers });
  await output.announce({ result, ledgers });
  await output.write({ result, ledgers });
  return { kind: 'scenarios', result };
}

async function sayWhetherOneByOne(output: Output): Promise<void> {
  const { canHaveOwnNetwork } = await import('../engines/namespace/own-network.ts');
  if (!(await canHaveOwnNetwork()))
    output.note('One after the other, for they open the same port; as root each has a network of its own.');
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

function tell(text: string): Ending {
  process.stdout.write(text);
  return { kind: 'told' };
}
