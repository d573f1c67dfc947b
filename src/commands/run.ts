import { CannotRunError, messageOf } from '../errors.ts';
import type { Ledger } from '../load/ledger.ts';
import type { RunOptions } from '../plan/options.ts';
import { parseArguments, helpHint } from './arguments.ts';
import type { Ending } from './command.ts';
import { fill } from './flag.ts';
import { EXIT_CODES, flagHelp } from './help.ts';
import { DEFAULT_FOLDER, OUTPUT_FLAGS, type OutputChoices, PLAIN_OUTPUT, outputFolderFlag } from './output-flags.ts';
import type { Result } from '../result.ts';
import type { Output } from './output.ts';
import { RUN_FLAGS } from './run-flags.ts';

const OUTPUT = [
  ...OUTPUT_FLAGS,
  outputFolderFlag('Folder for result.json and its ledger, where --json does not name a file.', DEFAULT_FOLDER),
];

const HELP = `Usage: shutdown-check run <target> [flags] [-- command args...]

Builds or takes the image, starts it, keeps requests coming, stops it mid-flight
as docker stop does, and reports every lost request, the cause and the remedy.

<target> is a Dockerfile, a folder with one, or an image reference. What exists
as a path is taken as a path. What follows -- replaces the image's command.

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

Times are 500ms, 30s, 1m, 1m30s, or a bare number of seconds.

${flagHelp([...RUN_FLAGS, ...OUTPUT])}
  --help                      This text.

Mixing requests:
  --requests FILE names a JSON list. An entry has a path and may have method,
  headers, body, and either share (its part of --rate, 1 if left out) or every
  (a period of its own, beside --rate):
    [ { "path": "/", "share": 3 },
      { "path": "/orders", "method": "POST", "body": "{}", "share": 1,
        "headers": { "content-type": "application/json" } },
      { "path": "/report", "every": "4s" } ]

What is measured:
  The load plays a client that never learns of the stop. Requests leave on
  schedule however slow the answers are; nothing is sent twice, and redirects
  are not followed. A refused connection after the stop is not held against the
  app (a client can go elsewhere); a request that was taken and dropped is.

${EXIT_CODES}
`;

/**
 * `shutdown-check run`.
 * @throws CannotRunError for bad usage and for whatever keeps the run from taking place.
 */
export async function runCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(args, [...RUN_FLAGS, ...OUTPUT], 'run');
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const command = rest === null ? {} : { command: rest };
  const options = await fill<RunOptions>(RUN_FLAGS, values, { target: targetOf(positionals), ...command });
  return check(options, await fill(OUTPUT, values, PLAIN_OUTPUT), abort);
}

function targetOf(positionals: readonly string[]): string {
  const [target, extra] = positionals;
  if (target === undefined) {
    throw new CannotRunError('run needs a target: a Dockerfile, a folder with one, or an image.', {
      nextStep: `For example: shutdown-check run .\n${helpHint('run')}`,
    });
  }
  if (extra === undefined) return target;
  throw new CannotRunError(`run takes one target, and was given "${target}" and "${extra}".`, {
    nextStep: `The container's own command goes after --, as in: shutdown-check run ${target} -- ${extra}`,
  });
}

/** Everything heavy is loaded here, so that help and bad usage answer at once. */
async function check(options: RunOptions, choices: OutputChoices, abort: AbortSignal): Promise<Ending> {
  const [{ run }, { openOutput }] = await Promise.all([import('../run.ts'), import('./output.ts')]);
  const output = openOutput(choices);
  const { result, ledgers } = await run(options, { onProgress: output.live.onProgress, signal: abort }).finally(() =>
    output.live.end(),
  );
  output.report(result);
  await output.keep(result, ledgers);
  if (choices.folder !== null || choices.json === null) await saveIn(choices.folder, output, result, ledgers);
  return { kind: 'run', result };
}

/** A folder that was asked for has to work; the default one is a convenience, and a report without it still counts. */
async function saveIn(
  folder: string | null,
  output: Output,
  result: Result,
  ledgers: readonly Ledger[],
): Promise<void> {
  const file = `${folder ?? DEFAULT_FOLDER}/result.json`;
  try {
    await output.save(result, ledgers, file);
    output.note(`Saved in ${file}.`);
  } catch (error) {
    if (folder !== null) throw error;
    output.note(messageOf(error));
  }
}
