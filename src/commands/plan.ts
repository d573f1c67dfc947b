import { stringify } from 'yaml';

import type { Plan } from '../plan/plan.ts';
import { parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { configured, type ConfiguredTarget } from './configured.ts';
import { type Flag, fill } from './flag.ts';
import { GATE_FLAGS } from './gate-flags.ts';
import { flagHelp } from './help.ts';
import { CHECK_OUTPUT_FLAGS } from './output-flags.ts';
import { RUN_FLAGS } from './run-flags.ts';

interface Choices {
  readonly asJson: boolean;
}

/** In the place of `run`'s own, which names a file for the result. */
const JSON_FLAG: Flag<Choices> = {
  name: 'json',
  value: null,
  group: 'Output',
  help: 'As JSON: a list of name, sources and plan.',
  read: () => ({ asJson: true }),
};

/** The flags of `run` are taken, so that a command line can be tried by one word more. */
const TAKEN = [
  ...CONFIG_FLAGS,
  ...RUN_FLAGS,
  ...GATE_FLAGS,
  ...CHECK_OUTPUT_FLAGS.filter(({ name }) => name !== 'json'),
  JSON_FLAG,
];

const HELP = `Usage: shutdown-check plan [target] [flags] [-- command args...]

Prints what run would do with the same arguments: every value, the defaults
filled in, as YAML, and where those come from that are none. Nothing is built,
started or stopped, and no engine is needed. Values of environment variables and
credentials are hidden, as in a saved result.

Examples:
  shutdown-check plan .
  shutdown-check plan . --profile kubernetes
  shutdown-check plan                          all targets of shutdown-check.yaml
  shutdown-check plan . --json

${flagHelp([...CONFIG_FLAGS, JSON_FLAG])}
  --help                      This text.
All flags of run are taken: shutdown-check run --help

Exit codes:
  0    printed
  2    run could not begin with these arguments, or not with one of the targets
`;

/**
 * `shutdown-check plan`.
 * @throws CannotRunError for whatever `run` would refuse before it asks the engine.
 */
export async function planCommand(args: readonly string[]): Promise<Ending> {
  const given = parseArguments(args, TAKEN, 'plan');
  if (given.help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const { targets, config } = await configured(given, 'plan');
  const { asJson } = await fill<Choices>([JSON_FLAG], given.values, { asJson: false });
  const settled = await Promise.allSettled(targets.map(plannedOf));
  const planned = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  if (planned.length > 0)
    process.stdout.write(asJson ? `${JSON.stringify(planned, null, 2)}\n` : textOf(planned, config?.file ?? null));
  // As with run, what keeps one target from being planned does not keep the others.
  const broken = settled.find((one) => one.status === 'rejected');
  if (broken) throw broken.reason;
  return { kind: 'told' };
}

interface Planned {
  readonly name: string;
  /** Where each value comes from that is no default, by the flag's name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly plan: Plan;
}

async function plannedOf({ options, sources }: ConfiguredTarget): Promise<readonly Planned[]> {
  const [{ resolvePlan }, { savedPlan }, { planEachService }] = await Promise.all([
    import('../plan/resolve.ts'),
    import('../plan/saved-plan.ts'),
    import('../plan/compose/each-service.ts'),
  ]);
  const told = (name: string, plan: Plan): Planned => ({
    name,
    sources: Object.fromEntries(sources),
    plan: savedPlan(plan, process.cwd()),
  });
  if (options.all !== true) {
    const plan = await resolvePlan(options);
    return [told(plan.name ?? plan.service ?? plan.image.reference, plan)];
  }
  const services = await planEachService(options);
  return services.flatMap((service) => (service.kind === 'planned' ? told(service.name, service.plan) : []));
}

function textOf(planned: readonly Planned[], file: string | null): string {
  const parts = planned.map(({ name, sources, plan }) => {
    const given = Object.entries(sources).map(
      ([flag, from]) => `#   ${flag}: ${from === `--${flag}` ? 'the command line' : from}`,
    );
    const head =
      given.length === 0 ? ['# All of it is the default.'] : ['# Given, and where; all else is the default:', ...given];
    return [`# ${name}`, ...head, stringify(plan, { lineWidth: 0 })].join('\n');
  });
  return `${file === null ? '' : `# Using ${file}.\n`}${parts.join('---\n')}`;
}
