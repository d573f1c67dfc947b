import path from 'node:path';

import { FILES } from './outputs.ts';

/** What a workflow gives the action: every input, empty where it was left out. */
export type Inputs = Readonly<Record<string, string>>;

/** Inputs that are no flag of that name: what is made of them is below, or in action.yml itself. */
export const NO_FLAGS: readonly string[] = ['target', 'args', 'reporters', 'working-directory', 'node-version'];

/** An input cannot be what it is; the message says what it may be. */
export class InputError extends Error {}

/**
 * The inputs of the action as arguments of the program. A value stands in one argument with its flag, so that none can
 * become a flag of its own.
 *
 * @param folder for the result and the reports, absolute
 * @throws InputError for a target that is a flag
 */
export function argumentsOf(inputs: Inputs, folder: string): readonly string[] {
  const flags = Object.entries(inputs).filter(
    ([name, value]) => !NO_FLAGS.includes(name) && name !== 'output' && value !== '',
  );
  return [
    'run',
    ...targetOf(inputs['target'] ?? ''),
    `--output=${folder}`,
    ...reportersIn(inputs['reporters'] ?? '').map((name) => `--reporter=${name}=${path.join(folder, fileOf(name))}`),
    ...flags.map(([name, value]) => `--${name}=${value}`),
    ...linesOf(inputs['args'] ?? ''),
  ];
}

function targetOf(target: string): readonly string[] {
  if (!target.startsWith('-')) return target === '' ? [] : [target];
  throw new InputError(
    `target cannot be "${target}": it is a Dockerfile, a folder with one, a compose file or an image. Flags go into args, one a line.`,
  );
}

function reportersIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** A name that is none gets a file too: the program says which names there are. */
function fileOf(reporter: string): string {
  return Object.hasOwn(FILES, reporter) ? FILES[reporter as keyof typeof FILES] : 'report';
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
