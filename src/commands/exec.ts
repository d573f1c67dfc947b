import { CannotRunError } from '../errors.ts';
import type { ExecOptions } from '../plan/options.ts';
import { shellWord } from '../report/text.ts';
import { helpHint, parseArguments, type Refusals } from './arguments.ts';
import { check } from './check.ts';
import { COMMON_FLAGS } from './common-flags.ts';
import type { Ending } from './command.ts';
import { CONFIG_FLAGS } from './config-flags.ts';
import { overDefaults } from './configured.ts';
import { EXEC_FLAGS, NOT_TAKEN } from './exec-flags.ts';
import { fill } from './flag.ts';
import { GATE_FLAGS, NO_GATE } from './gate-flags.ts';
import { EXIT_CODES, flagHelp, MIXING_REQUESTS, WHAT_IS_MEASURED } from './help.ts';
import { CHECK_OUTPUT_FLAGS, PLAIN_OUTPUT } from './output-flags.ts';

const HELP = `Usage: shutdown-check exec [flags] -- command args...

Runs a command of this machine as PID 1, as a container would, keeps requests
coming, stops it mid-flight, and reports every lost request, the cause and the
remedy. There is no image and no engine: the command gets a PID namespace of its
own, where the kernel treats the signals that it gets as it does a container's.

Everything after -- is the command, and no shell reads it, unless it is one:
  CMD ["node", "server.js"]   is   exec -- node server.js
  CMD node server.js          is   exec -- sh -c "node server.js"

Examples:
  shutdown-check exec -- npm start
  shutdown-check exec --grace 500ms -- node server.js
  shutdown-check exec -- sh -c "node server.js"    what does the shell do to it?
  shutdown-check exec --init -- node server.js     does an init mend it?
  shutdown-check exec --prove -- npm start         what mends it?
  shutdown-check exec --repeat 10 -- npm start     does it fail now and then?
  shutdown-check exec --network host --path /orders -- npm start
                                       for an app whose database runs here
  shutdown-check exec --load none --job-start 'job (\\d+) begins' \\
      --job-end 'job (\\d+) done' -- node worker.js

Times are 500ms, 30s, 1m, 1m30s, or a bare number of seconds.

${flagHelp([...CONFIG_FLAGS, ...EXEC_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS])}
  --help                      This text.

${MIXING_REQUESTS}

${WHAT_IS_MEASURED}

exec or run:
  Both stop it in the same way and judge by the same rules. exec answers in a
  few seconds what PID 1 does with the signal: a shell in front, npm, a handler
  that is missing or too slow. The command runs as you, with the files, the
  environment and the programs of this machine. So exec says nothing of what
  only the image has: its STOPSIGNAL, ENTRYPOINT and HEALTHCHECK, its own shell
  and init, a memory limit. Use exec while you write, in a hook before a commit,
  and in CI inside a container; before a release, use run on the image.

  It needs Linux and util-linux's unshare, and to be root or a user whom the
  kernel lets have namespaces. What is missing, and how to allow it, it says.

${EXIT_CODES}
`;

/**
 * `shutdown-check exec`.
 * @throws CannotRunError for bad usage and for whatever keeps the run from taking place.
 */
export async function execCommand(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const { values, rest, help } = parseArguments(
    args,
    [...CONFIG_FLAGS, ...EXEC_FLAGS, ...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS],
    'exec',
    refusals(args),
  );
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const command = commandOf(rest);
  const defaults = await overDefaults(values, [...COMMON_FLAGS, ...CHECK_OUTPUT_FLAGS]);
  const options = await fill<ExecOptions>(EXEC_FLAGS, defaults.values, { command });
  const choices = await fill(CHECK_OUTPUT_FLAGS, defaults.whole, PLAIN_OUTPUT);
  const gate = await fill(GATE_FLAGS, values, NO_GATE);
  const file = defaults.config?.file ?? null;
  return check((library, hooks) => library.exec(options, hooks), choices, gate, abort, file);
}

function commandOf(rest: readonly string[] | null): readonly string[] {
  if (rest !== null && rest[0] !== undefined && rest[0] !== '') return rest;
  const what = rest?.[0] === '' ? 'and the first word there is empty' : 'and there is none';
  throw new CannotRunError(`exec needs a command after --, ${what}.`, {
    nextStep: `For example: shutdown-check exec -- npm start\n${helpHint('exec')}`,
  });
}

function refusals(args: readonly string[]): Refusals {
  return { flag: refusedFlag, word: (at) => refusedWord(args.slice(0, at), args.slice(at)) };
}

function refusedFlag(name: string): CannotRunError | null {
  const why = NOT_TAKEN.get(name);
  if (why === undefined) return null;
  return new CannotRunError(`exec takes no --${name}: ${why}`, {
    nextStep: `${helpHint('exec')}\nFor an image: shutdown-check run --help`,
  });
}

/** Something in the place of a flag: the command without its dashes, or a target as `run` takes it. */
function refusedWord(flags: readonly string[], words: readonly string[]): CannotRunError {
  const [word = '', ...more] = words;
  // One word before dashes that are there is out of place; where it is more, the dashes are the command's own.
  const command = more[0] === '--' ? more.slice(1) : words;
  const mended = ['shutdown-check', 'exec', ...flags, '--', ...command].map(shellWord).join(' ');
  if (!isTarget(word)) {
    return new CannotRunError(`exec takes its command after --, and "${word}" stands before.`, {
      nextStep: `Write: ${mended}`,
    });
  }
  return new CannotRunError(`exec takes a command after --, and "${word}" is none.`, {
    nextStep: `For an image: shutdown-check run ${shellWord(word)}\n${more.includes('--') ? `For the command: ${mended}` : helpHint('exec')}`,
  });
}

function isTarget(word: string): boolean {
  return /^\.{1,2}$|\/$|dockerfile/i.test(word);
}
