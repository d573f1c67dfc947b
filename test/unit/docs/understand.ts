import { planBudget } from '../../../src/budget/plan.ts';
import { parseArguments } from '../../../src/commands/arguments.ts';
import { BUDGET_FLAGS } from '../../../src/commands/budget-flags.ts';
import { CONFIG_FLAGS } from '../../../src/commands/config-flags.ts';
import { configured, configuredOne, overDefaults, readConfig, scenariosOf } from '../../../src/commands/configured.ts';
import { DOCTOR_FLAGS } from '../../../src/commands/doctor.ts';
import { EXEC_FLAGS } from '../../../src/commands/exec-flags.ts';
import { EXPLAIN_FLAGS } from '../../../src/commands/explain.ts';
import { fill, type Flag } from '../../../src/commands/flag.ts';
import { GATE_FLAGS, NO_GATE } from '../../../src/commands/gate-flags.ts';
import { INIT_FLAGS } from '../../../src/commands/init.ts';
import { LINT_FLAGS } from '../../../src/commands/lint.ts';
import { CHECK_OUTPUT_FLAGS, PLAIN_OUTPUT } from '../../../src/commands/output-flags.ts';
import { REPORT_FLAGS } from '../../../src/commands/report.ts';
import { ROLLOUT_FLAGS } from '../../../src/commands/rollout-flags.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import { SCENARIO_FLAGS } from '../../../src/commands/scenarios.ts';
import { planEachService } from '../../../src/plan/compose/each-service.ts';
import type { BudgetOptions, ExecOptions, RolloutOptions, RunOptions } from '../../../src/plan/options.ts';
import { resolveExecPlan, resolvePlan } from '../../../src/plan/resolve.ts';
import { resolveRolloutPlan } from '../../../src/plan/rollout.ts';
import { loadScenarios } from '../../../src/scenarios.ts';

/**
 * Takes a command line as the program does, up to where it would ask an engine: its flags are parsed and read, its target and
 * its files are looked at, the plan is made.
 *
 * @throws CannotRunError for what the program would refuse.
 */
export async function understand([command = '', ...args]: readonly string[]): Promise<void> {
  if (command === '' || args.includes('--help') || command.startsWith('-')) return;
  const read = READERS[command];
  if (read === undefined) throw new Error(`There is no command ${command}.`);
  await read(args);
}

const READERS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  run: (args) => checks(args, 'run'),
  plan: (args) =>
    checks(
      args.filter((word) => word !== '--json'),
      'plan',
    ),
  budget: async (args) => {
    const flags = [...CONFIG_FLAGS, ...BUDGET_FLAGS, ...CHECK_OUTPUT_FLAGS];
    const { start, values } = await configuredOne(parseArguments(args, flags, 'budget'), flags, 'budget');
    await planBudget(await fill<BudgetOptions>(BUDGET_FLAGS, values, start));
  },
  rollout: async (args) => {
    const flags = [...CONFIG_FLAGS, ...ROLLOUT_FLAGS, ...CHECK_OUTPUT_FLAGS];
    const { start, values } = await configuredOne(parseArguments(args, flags, 'rollout'), flags, 'rollout');
    await resolveRolloutPlan(await fill<RolloutOptions>(ROLLOUT_FLAGS, values, start));
  },
  exec: async (args) => {
    const flags = [...CONFIG_FLAGS, ...EXEC_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];
    const { values: given, positionals, rest } = parseArguments(args, flags, 'exec');
    if (rest === null || rest.length === 0 || positionals.length > 0) throw new Error('exec: no command after --');
    const { values } = await overDefaults(given, flags);
    await fill(GATE_FLAGS, values, NO_GATE);
    await resolveExecPlan(await fill<ExecOptions>(EXEC_FLAGS, values, { command: rest }));
  },
  scenarios: async (args) => {
    const flags = [...SCENARIO_FLAGS, ...CONFIG_FLAGS, ...CHECK_OUTPUT_FLAGS];
    const { values, positionals } = parseArguments(args, flags, 'scenarios');
    await fill(SCENARIO_FLAGS, values, { builtIn: false, list: false, engine: 'docker', parallel: null });
    const own = await scenariosOf(await readConfig(values));
    const known = [...own, ...(await loadScenarios())].map(({ name }) => name);
    const unknown = positionals.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new Error(`There are no scenarios ${unknown.join(', ')}.`);
  },
  report: (args) => simply('report', args, REPORT_FLAGS, PLAIN_OUTPUT),
  lint: (args) => simply('lint', args, LINT_FLAGS, { target: '.', json: null, reporters: [], color: true }),
  init: (args) => simply('init', args, INIT_FLAGS, { isDryRun: false, isForced: false }),
  doctor: (args) => simply('doctor', args, DOCTOR_FLAGS, { json: null, color: true }),
  explain: (args) => simply('explain', args, EXPLAIN_FLAGS, { color: true }),
};

async function checks(args: readonly string[], command: 'run' | 'plan'): Promise<void> {
  const flags = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];
  const given = parseArguments(args, flags, command);
  const { whole, targets } = await configured(given, command);
  await fill(CHECK_OUTPUT_FLAGS, whole, PLAIN_OUTPUT);
  await fill(GATE_FLAGS, whole, NO_GATE);
  for (const { options } of targets) await planned(options);
}

async function planned(options: RunOptions): Promise<void> {
  if (options.all === true) await planEachService(options);
  else await resolvePlan(options);
}

async function simply<Choices>(
  command: string,
  args: readonly string[],
  flags: readonly Flag<Choices>[],
  start: Choices,
): Promise<void> {
  await fill(flags, parseArguments(args, flags, command).values, start);
}
