import { CannotRunError } from '../errors.ts';
import type { RunOptions } from '../plan/options.ts';
import { shellWord } from '../report/text.ts';
import { helpHint, parseArguments } from './arguments.ts';
import { check } from './check.ts';
import type { Ending } from './command.ts';
import { fill, type FlagValues } from './flag.ts';
import { GATE_FLAGS, NO_GATE } from './gate-flags.ts';
import { EXIT_CODES, flagHelp, MIXING_REQUESTS, WHAT_IS_MEASURED } from './help.ts';
import { CHECK_OUTPUT_FLAGS, PLAIN_OUTPUT } from './output-flags.ts';
import { RUN_FLAGS } from './run-flags.ts';

const HELP = `Usage: shutdown-check run <target> [flags] [-- command args...]
       shutdown-check run --manifest FILE [flags]
       shutdown-check run --attach CONTAINER [flags]

Builds or takes the image, starts it, keeps requests coming, stops it mid-flight
as docker stop or a kubelet does, and reports every lost request, the cause and
the remedy.

<target> is a Dockerfile, a folder with one, a compose file, or an image
reference. What exists as a path is taken as a path, a YAML file as a compose
file. What follows -- replaces the image's command.

Examples:
  shutdown-check run .
  shutdown-check run ./api/Dockerfile --context . --build-arg VERSION=1.2
  shutdown-check run nginx:1.29 --stop-signal SIGQUIT
  shutdown-check run . --path /orders --grace 30s --env DATABASE_URL
  shutdown-check run . --method POST --path /orders --body '{"item":1}' \\
      --header 'Content-Type: application/json' --rate 20
  shutdown-check run . --init                  does an init mend it?
  shutdown-check run . -- node server.js       does another command mend it?
  shutdown-check run . --json result.json --no-color        in CI
  shutdown-check run . --repeat 10 --max-drain 5s     each of ten, and in time
  shutdown-check run . --baseline shutdown-baseline.json    no worse than it was
  shutdown-check run . --profile kubernetes --pre-stop sleep:5s     as a pod
  shutdown-check run compose.yaml --service api
  shutdown-check run compose.yaml --all        one service after the other
  shutdown-check run --manifest deployment.yaml --env DB_PASSWORD
  shutdown-check run --manifest deployment.yaml --container api --build ./api
  shutdown-check run --attach shop-web-1       one that Compose has started

Times are 500ms, 30s, 1m, 1m30s, or a bare number of seconds.

${flagHelp([...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS])}
  --help                      This text.

${MIXING_REQUESTS}

${WHAT_IS_MEASURED}

${EXIT_CODES}
`;

/**
 * `shutdown-check run`.
 * @throws CannotRunError for bad usage and for whatever keeps the run from taking place.
 */
export async function runCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(
    args,
    [...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS],
    'run',
  );
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const command = rest === null ? {} : { command: rest };
  const options = await fill<RunOptions>(RUN_FLAGS, values, { ...targetOf(positionals, values, 'run'), ...command });
  const choices = await fill(CHECK_OUTPUT_FLAGS, values, PLAIN_OUTPUT);
  const gate = await fill(GATE_FLAGS, values, NO_GATE);
  return check((library, hooks) => library.run(options, hooks), choices, gate, abort);
}

/** Flags that say themselves what is stopped. */
const IN_TARGETS_PLACE = ['manifest', 'attach'];

/**
 * The one target of a command that takes one, or a flag in its place.
 * @throws CannotRunError where there is none, or more.
 */
export function targetOf(
  positionals: readonly string[],
  values: FlagValues,
  command: 'run' | 'budget' | 'rollout',
): Pick<RunOptions, 'target'> {
  const [target, extra] = positionals;
  if (target === undefined && IN_TARGETS_PLACE.some((name) => values.has(name))) return {};
  if (target === undefined) {
    const attach = `For a container that runs already: shutdown-check run --attach CONTAINER\n`;
    throw new CannotRunError(`${command} needs a target: a Dockerfile, a folder with one, or an image.`, {
      nextStep: `For example: shutdown-check ${command} .\n${command === 'run' ? attach : ''}${helpHint(command)}`,
    });
  }
  if (extra === undefined) return { target };
  throw new CannotRunError(`${command} takes one target, and was given "${target}" and "${extra}".`, {
    nextStep: [
      `The container's own command goes after --, as in: shutdown-check ${command} ${target} -- ${extra}`,
      `A command of this machine, without a container: shutdown-check exec -- ${positionals.map(shellWord).join(' ')}`,
    ].join('\n'),
  });
}
