import { CannotRunError } from '../errors.ts';
import type { BudgetOptions } from '../plan/options.ts';
import type { OnProgress } from '../progress.ts';
import { helpHint, parseArguments, type Refusals } from './arguments.ts';
import { BUDGET_FLAGS, NOT_IN_BUDGET } from './budget-flags.ts';
import { tellAndKeep } from './check.ts';
import type { Ending } from './command.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { configuredOne } from './configured.ts';
import { fill } from './flag.ts';
import { EXIT_CODES, flagHelp, MIXING_REQUESTS } from './help.ts';
import type { Live } from './live.ts';
import { CHECK_OUTPUT_FLAGS, type OutputChoices, PLAIN_OUTPUT } from './output-flags.ts';

const HELP = `Usage: shutdown-check budget <target> [flags] [-- command args...]

How long does the stop take, and what are the grace period and the preStop sleep
to be? One stop does not tell. This repeats it, by default ten times at three
loads, and gives the distribution of the drain times and what to set, every term
of it shown, and how sure that is after so few stops.

It asks what the app needs, not what it has: the runs get a grace period of
--max-grace, and, as a pod, a preStop sleep that covers the routing lag. Where a
stop loses requests for another reason than time, a budget makes no sense yet:
it says what is wrong, and shutdown-check run says why.

Examples:
  shutdown-check budget .
  shutdown-check budget . --path /report --runs 30
  shutdown-check budget . --rates 10,50,100 --grace 30s
                                       your loads; is what you have enough?
  shutdown-check budget --manifest deployment.yaml
  shutdown-check budget . --routing-lag 5s      a slow ingress
  shutdown-check budget . --profile docker      for docker stop and Compose
  shutdown-check budget . --max-grace 5m        for a drain of minutes

Times are 500ms, 30s, 1m, 1m30s, or a bare number of seconds.

${flagHelp([...CONFIG_FLAGS, ...BUDGET_FLAGS, ...CHECK_OUTPUT_FLAGS])}
  --help                      This text.

${MIXING_REQUESTS}

How sure it is:
  Nothing is assumed about how the times are distributed. The longest of n
  independent stops is beyond a share p of all of them with confidence 1 - p^n:
  after 10 runs 90 % of stops end within the longest one seen, at 65 %
  confidence; 95 % of them at 95 % take 59 runs. The grace period is that
  longest time with a margin of half of it, and of 2 s at least, for what no run
  here can show: another machine, a fuller queue. The routing lag is what you
  say it is: no cluster is asked.

${EXIT_CODES}
`;

/**
 * `shutdown-check budget`.
 * @throws CannotRunError for bad usage and for whatever keeps its first run from taking place.
 */
export async function budgetCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const flags = [...CONFIG_FLAGS, ...BUDGET_FLAGS, ...CHECK_OUTPUT_FLAGS];
  const given = parseArguments(args, flags, 'budget', REFUSALS);
  if (given.help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const { config, start, values, whole } = await configuredOne(given, flags, 'budget');
  const options = await fill<BudgetOptions>(BUDGET_FLAGS, values, start);
  return await drawUp(options, await fill(CHECK_OUTPUT_FLAGS, whole, PLAIN_OUTPUT), abort, config?.file ?? null);
}

async function drawUp(
  options: BudgetOptions,
  choices: OutputChoices,
  abort: AbortSignal,
  config: string | null,
): Promise<Ending> {
  const [{ budget }, { openOutput }] = await Promise.all([import('../budget.ts'), import('./output.ts')]);
  const output = openOutput(choices);
  if (config !== null) output.note(`Using ${config}.`);
  const { live } = output;
  const hooks = { signal: abort, onProgress: following(live), onRun: (_: unknown, text: string) => live.say(text) };
  const checked = await budget(options, hooks).finally(() => live.end());
  await tellAndKeep(checked, output, choices);
  return { kind: 'budget', result: checked.result };
}

/** A line a run stays. Its stages come and go in the live line, or are details; all but the image's, which may take long. */
function following(live: Live): OnProgress {
  return (progress) => {
    if (progress.kind !== 'stage' || progress.stage === 'image') return live.onProgress(progress);
    live.onProgress({ kind: 'detail', text: progress.text });
    live.show(progress.text);
  };
}

const REFUSALS: Refusals = { flag: refusedFlag, word: () => null };

function refusedFlag(name: string): CannotRunError | null {
  const why = NOT_IN_BUDGET.get(name);
  return why === undefined
    ? null
    : new CannotRunError(`budget takes no --${name}: ${why}`, { nextStep: helpHint('budget') });
}
