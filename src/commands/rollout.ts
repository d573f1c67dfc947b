import { CannotRunError } from '../errors.ts';
import type { RolloutOptions } from '../plan/options.ts';
import { helpHint, parseArguments, type Refusals } from './arguments.ts';
import { tellAndKeep } from './check.ts';
import type { Ending } from './command.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { configuredOne } from './configured.ts';
import { fill } from './flag.ts';
import { EXIT_CODES, flagHelp, MIXING_REQUESTS } from './help.ts';
import { CHECK_OUTPUT_FLAGS, type OutputChoices, PLAIN_OUTPUT } from './output-flags.ts';
import { NOT_IN_ROLLOUT, ROLLOUT_FLAGS } from './rollout-flags.ts';

const HELP = `Usage: shutdown-check rollout <target> [flags] [-- command args...]

What do users see of a roll-out? It starts some containers of the image behind a
real load balancer, HAProxy, keeps requests coming, and replaces one container
after the other as an orchestrator does: the new one has to be ready before the
old one is stopped, and the balancer hears of the stop only after the routing
lag. It reports what users lost and at which replica, what the balancer had to
send again, how long users waited, and how long it all took, every figure held
against HAProxy's own counters.

It asks what users saw, not why: shutdown-check run stops one container of the
same target and says that.

Examples:
  shutdown-check rollout . --path /orders
  shutdown-check rollout . --pre-stop sleep:5s --routing-lag 4s
  shutdown-check rollout . --replicas 5 --balancer-retries 0
                                       through one that sends nothing again
  shutdown-check rollout --manifest deployment.yaml
  shutdown-check rollout . --profile docker --routing-lag 15s
                                       nobody tells the balancer of docker stop
  shutdown-check rollout . --balancer haproxy:3.2

Times are 500ms, 30s, 1m, 1m30s, or a bare number of seconds.

${flagHelp([...CONFIG_FLAGS, ...ROLLOUT_FLAGS, ...CHECK_OUTPUT_FLAGS])}
  --help                      This text.

${MIXING_REQUESTS}

What counts:
  Whatever a user did not get while it went on fails it: an answer that the
  balancer made up (502, 503, 504), a connection that it closed without one, a
  whole answer with an unexpected status. So does a SIGKILL. Nothing is sent
  twice by users; what the balancer sends again and gets answered is told, and
  fails nothing.

${EXIT_CODES}
`;

/**
 * `shutdown-check rollout`.
 * @throws CannotRunError for bad usage and for whatever keeps the roll-out from taking place.
 */
export async function rolloutCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const flags = [...CONFIG_FLAGS, ...ROLLOUT_FLAGS, ...CHECK_OUTPUT_FLAGS];
  const given = parseArguments(args, flags, 'rollout', REFUSALS);
  if (given.help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const { config, start, values, whole } = await configuredOne(given, flags, 'rollout');
  const options = await fill<RolloutOptions>(ROLLOUT_FLAGS, values, start);
  return await rollOut(options, await fill(CHECK_OUTPUT_FLAGS, whole, PLAIN_OUTPUT), abort, config?.file ?? null);
}

async function rollOut(
  options: RolloutOptions,
  choices: OutputChoices,
  abort: AbortSignal,
  config: string | null,
): Promise<Ending> {
  const [{ rollout }, { openOutput }] = await Promise.all([import('../rollout.ts'), import('./output.ts')]);
  const output = openOutput(choices);
  if (config !== null) output.note(`Using ${config}.`);
  const hooks = { onProgress: output.live.onProgress, signal: abort };
  const checked = await rollout(options, hooks).finally(() => output.live.end());
  await tellAndKeep(checked, output, choices);
  return { kind: 'run', result: checked.result, isIncomplete: false };
}

const REFUSALS: Refusals = { flag: refusedFlag, word: () => null };

function refusedFlag(name: string): CannotRunError | null {
  const why = NOT_IN_ROLLOUT.get(name);
  return why === undefined
    ? null
    : new CannotRunError(`rollout takes no --${name}: ${why}`, { nextStep: helpHint('rollout') });
}
