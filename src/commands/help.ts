import { GROUPS } from './flag.ts';

const WIDTH = 80;
const INDENT = 30;

/** What the help needs to know of a flag. */
export interface FlagText {
  readonly name: string;
  readonly value: string | null;
  readonly repeatable?: boolean;
  readonly group: (typeof GROUPS)[number];
  readonly help: string;
  readonly fallback?: string;
}

/** Flags under their headings, with their defaults, 80 columns wide. */
export function flagHelp(flags: readonly FlagText[]): string {
  const groups = GROUPS.map((group) => ({ group, members: flags.filter((flag) => flag.group === group) }));
  return groups
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => [`${group}:`, ...members.map(flagLines)].join('\n'))
    .join('\n\n');
}

function flagLines(flag: FlagText): string {
  const left = `  --${flag.name}${flag.value === null ? '' : ` ${flag.value}`}`;
  const more = flag.repeatable ? ' Can be repeated.' : '';
  const fallback = flag.fallback === undefined ? '' : ` Default: ${flag.fallback}.`;
  const lines = wrapWords(flag.help + more + fallback, WIDTH - INDENT);
  const first = left.length < INDENT - 1 ? [left.padEnd(INDENT) + lines.shift()] : [left];
  return [...first, ...lines.map((line) => ' '.repeat(INDENT) + line)].join('\n');
}

function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const EXIT_CODES = `Exit codes:
  0    pass (scenarios: all as expected; lint: no error)
  1    fail (scenarios: any not as expected; lint: an error), or with --baseline
       something is worse than it was
  2    could not run: usage, build, engine, or the app never got ready
       (run --all: of any service; --repeat: in any of its runs)
  3    inconclusive: the run could not tell, and says why
  130  interrupted by Ctrl-C, 143 by SIGTERM; what the run made is removed first`;

/** For commands that take `--requests`. */
export const MIXING_REQUESTS = `Mixing requests:
  --requests FILE names a JSON list. An entry has a path and may have method,
  headers, body, and either share (its part of --rate, 1 if left out) or every
  (a period of its own, beside --rate):
    [ { "path": "/", "share": 3 },
      { "path": "/orders", "method": "POST", "body": "{}", "share": 1,
        "headers": { "content-type": "application/json" } },
      { "path": "/report", "every": "4s" } ]`;

/** For commands that send requests. */
export const WHAT_IS_MEASURED = `What is measured:
  The load plays a client that never learns of the stop. Requests leave on
  schedule however slow the answers are; nothing is sent twice, and redirects
  are not followed. A refused connection after the stop is not held against the
  app (a client can go elsewhere); a request that was taken and dropped is.`;

export const TOP_HELP = `shutdown-check: does your container lose anything when it is told to stop?

It builds or takes an image, keeps requests coming, stops the container as
docker stop does, and tells what was lost, why, and what to change.

Usage:
  shutdown-check run <target>          check a Dockerfile, a folder or an image
  shutdown-check budget <target>       how long its stop takes: what to set
  shutdown-check rollout <target>      what users see when replicas are replaced
  shutdown-check exec -- command       check a command, without image or engine
  shutdown-check lint <Dockerfile>     what its files alone tell, without running
  shutdown-check scenarios [name...]   run the built-in examples, good and bad
  shutdown-check init [folder]         write a shutdown-check.yaml to start from
  shutdown-check plan [target]         what run would do, every default filled in
  shutdown-check report <result.json>  show a saved result again, in any format
  shutdown-check explain [CODE]        what a code of a report means, what to do
  shutdown-check doctor                what this machine has for a check
  shutdown-check <command> --help      everything a command can do
  shutdown-check --version

Start with:
  shutdown-check run .                 the Dockerfile of this folder
  shutdown-check run nginx:1.29        an image, pulled if it is not there
  shutdown-check run . --path /orders --grace 30s
                                       a path that does real work, and the grace
                                       period that your orchestrator gives
  shutdown-check exec -- npm start     no engine at hand, or no time: the command
                                       as PID 1 on this machine, in a few seconds

${EXIT_CODES}
`;
