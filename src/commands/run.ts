import { parseArguments } from './arguments.ts';
import { check } from './check.ts';
import type { Ending } from './command.ts';
import { configured } from './configured.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { fill } from './flag.ts';
import { GATE_FLAGS, NO_GATE } from './gate-flags.ts';
import { EXIT_CODES, flagHelp, MIXING_REQUESTS, WHAT_IS_MEASURED } from './help.ts';
import { CHECK_OUTPUT_FLAGS, PLAIN_OUTPUT } from './output-flags.ts';
import { RUN_FLAGS } from './run-flags.ts';

const FLAGS = [...CONFIG_FLAGS, ...RUN_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];

const HELP = `Usage: shutdown-check run <target> [flags] [-- command args...]
       shutdown-check run [name...] [flags]
       shutdown-check run --manifest FILE [flags]
       shutdown-check run --attach CONTAINER [flags]

Builds or takes the image, starts it, keeps requests coming, stops it mid-flight
as docker stop or a kubelet does, and reports every lost request, the cause and
the remedy.

<target> is a Dockerfile, a folder with one, a compose file, or an image
reference. What exists as a path is taken as a path, a YAML file as a compose
file. What follows -- replaces the image's command.

Without a target, the targets of shutdown-check.yaml are checked, one after the
other, or those of the names that are given; ./api is always a path.

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
  shutdown-check run                          all targets of shutdown-check.yaml
  shutdown-check run api worker               these two

Times are 500ms, 30s, 1m, 1m30s, or a bare number of seconds.

${flagHelp(FLAGS)}
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
  const given = parseArguments(args, FLAGS, 'run');
  if (given.help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const { config, whole, targets } = await configured(given, 'run');
  const choices = await fill(CHECK_OUTPUT_FLAGS, whole, PLAIN_OUTPUT);
  const gate = await fill(GATE_FLAGS, whole, NO_GATE);
  const options = targets.map((target) => target.options);
  return check((library, hooks) => library.run(options, hooks), choices, gate, abort, config?.file ?? null);
}
