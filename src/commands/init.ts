import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { findConfig } from '../config/config.ts';
import { CONFIG_FILES } from '../config/names.ts';
import { CannotRunError, messageOf } from '../errors.ts';
import { helpHint, parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { fill, type Flag } from './flag.ts';
import { flagHelp } from './help.ts';

interface Choices {
  readonly isDryRun: boolean;
  readonly isForced: boolean;
}

/** Every flag of `init`. */
export const INIT_FLAGS: readonly Flag<Choices>[] = [
  {
    name: 'dry-run',
    value: null,
    group: 'Output',
    help: 'Print what would be written, and write nothing.',
    read: () => ({ isDryRun: true }),
  },
  {
    name: 'force',
    value: null,
    group: 'Output',
    help: `Write over the ${CONFIG_FILES[0]} that is there.`,
    read: () => ({ isForced: true }),
  },
];

const HELP = `Usage: shutdown-check init [folder] [flags]

Writes a ${CONFIG_FILES[0]} for what it finds in the folder and those below it:
a target for each Dockerfile, each service that a compose file builds and each
container of a Kubernetes manifest. What only you know, such as a path that does
real work, stands there as a comment. Nothing is built or run.

Examples:
  shutdown-check init
  shutdown-check init --dry-run
  shutdown-check init ./shop --force

${flagHelp(INIT_FLAGS)}
  --help                      This text.

Exit codes:
  0    written, or printed
  2    could not: nothing found, or a configuration is there already
`;

/**
 * `shutdown-check init`.
 * @throws CannotRunError where there is nothing to check, and where a configuration is there already.
 */
export async function initCommand(args: readonly string[]): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(args, INIT_FLAGS, 'init');
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const folder = folderOf([...positionals, ...(rest ?? [])]);
  const { isDryRun, isForced } = await fill<Choices>(INIT_FLAGS, values, { isDryRun: false, isForced: false });
  if (!isDryRun) refuseSecond(folder, isForced);
  const { propose } = await import('../init/init.ts');
  const { text, names, leftOut } = await propose(folder);
  const file = path.join(folder, CONFIG_FILES[0]);
  if (isDryRun) process.stdout.write(text);
  else await write(file, text, isForced);
  for (const one of leftOut) process.stderr.write(`Left out: ${one}.\n`);
  if (!isDryRun) process.stderr.write(told(file, folder, names));
  return { kind: 'told' };
}

function folderOf([folder = '.', extra]: readonly string[]): string {
  if (extra === undefined) return folder;
  throw new CannotRunError(`init takes one folder, and was given "${folder}" and "${extra}".`, {
    nextStep: helpHint('init'),
  });
}

/** One of another name would be found in its place, or beside it. */
function refuseSecond(folder: string, isForced: boolean): void {
  const there = findConfig(folder);
  if (there === null || (isForced && path.basename(there) === CONFIG_FILES[0])) return;
  throw new CannotRunError(`There is a configuration already: ${there}`, {
    nextStep:
      path.basename(there) === CONFIG_FILES[0]
        ? 'See what would be written with --dry-run, or write over it with --force.'
        : `See what would be written with --dry-run. To have it, remove ${there} first.`,
  });
}

async function write(file: string, text: string, isForced: boolean): Promise<void> {
  await writeFile(file, text, { flag: isForced ? 'w' : 'wx' }).catch((cause: unknown) => {
    throw new CannotRunError(`${file} cannot be written: ${messageOf(cause)}`, {
      nextStep: 'To print it in place of writing it: --dry-run',
      cause,
    });
  });
}

function told(file: string, folder: string, names: readonly string[]): string {
  const there = folder === '.' ? '' : ` --config ${file}`;
  return [
    `Wrote ${file}, with ${names.length === 1 ? 'the target' : `${names.length} targets:`} ${names.join(', ')}.`,
    'Look through it: what stands there as a comment is for you to fill in.',
    `Then: shutdown-check plan${there}, and shutdown-check run${there}`,
    '',
  ].join('\n');
}
