import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CannotRunError } from '../errors.ts';
import { asTyped } from '../report/text.ts';
import type { ExecOptions } from './options.ts';
import type { CommandSource } from './plan.ts';

/**
 * What is started, and where.
 * @throws CannotRunError where the folder is none.
 */
export async function resolveCommand({ command, directory = '.' }: ExecOptions): Promise<CommandSource> {
  const found = await stat(directory).catch(() => null);
  if (!found?.isDirectory()) {
    throw new CannotRunError(`directory: ${directory} is not a folder.`, { nextStep: 'Name an existing folder.' });
  }
  return { kind: 'command', reference: asTyped(command), command, directory: resolve(directory) };
}
