import path from 'node:path';

import { CannotRunError } from '../../errors.ts';
import { shellWord } from '../../report/text.ts';
import { type Environment, fileOf, findProgram } from './programs.ts';

/** Inits that pass signals on, the usual one first. All of them take the command after `--`. */
export const INITS = ['tini', 'docker-init', 'dumb-init', 'catatonit'];

/** What only a shell understands. */
const SHELL_SYNTAX = /\s.*[&|;<>$`'"()*]/;

/** A variable in front of a command, as a shell takes it. */
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/** A shell on the way to the command passes on only these. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What is given to the kernel: the command, after an init where one is asked for, and after `env` where there are variables
 * that would not get there else.
 *
 * @throws CannotRunError where the command, or an init, is not there or may not be run.
 */
export function commandLine(
  command: readonly string[],
  init: boolean,
  env: Environment,
  directory: string,
): readonly string[] {
  assertRunnable(command, env, directory);
  const odd = Object.entries(env).filter(([name, value]) => value !== undefined && !SHELL_NAME.test(name));
  return [
    ...(odd.length === 0 ? [] : [fileOf('env'), '--', ...odd.map(([name, value]) => `${name}=${value}`)]),
    ...(init ? [initOn(env, directory), '--'] : []),
    ...command,
  ];
}

function assertRunnable(command: readonly string[], env: Environment, directory: string): void {
  const [name = ''] = command;
  const { kind } = findProgram(name, env, directory);
  if (kind === 'found') return;
  const place = path.isAbsolute(name) ? '' : name.includes('/') ? ` in ${directory}` : ' on PATH';
  const why =
    kind === 'missing' ? `there is no program \`${name}\`${place}` : `\`${name}\`${place} may not be executed`;
  throw new CannotRunError(`The command cannot be started: ${why}.`, { nextStep: nextStep(command, kind, env) });
}

function nextStep(command: readonly string[], kind: 'missing' | 'forbidden', env: Environment): string {
  const [name = ''] = command;
  if (command.length === 1 && SHELL_SYNTAX.test(name)) return `Have a shell read it: \`-- sh -c ${shellWord(name)}\`.`;
  if (command.length === 1 && /\s/.test(name))
    return `Give the program and its arguments as words of their own: \`-- ${name}\`.`;
  if (ASSIGNMENT.test(name)) return `Give its variables with \`--env ${shellWord(name)}\`, before the \`--\`.`;
  if (kind === 'forbidden')
    return `\`chmod +x\` allows it; a script can also be given to what reads it: \`-- sh ${name}\`.`;
  return name.includes('/') ? 'Name an existing program.' : `Name its path, or a program on PATH: ${env['PATH'] ?? ''}`;
}

function initOn(env: Environment, directory: string): string {
  const init = INITS.find((name) => findProgram(name, env, directory).kind === 'found');
  if (init !== undefined) return init;
  throw new CannotRunError(`There is no init on PATH: none of ${INITS.join(', ')}.`, {
    nextStep: 'Install one, for instance by `apt-get install tini` or `apk add tini`.',
  });
}
