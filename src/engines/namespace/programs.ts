import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a program is, or why it cannot be run. */
export type FoundProgram =
  { readonly kind: 'found'; readonly file: string } | { readonly kind: 'missing' | 'forbidden' };

/** What the C library takes where there is no PATH (confstr(3), _CS_PATH). */
const DEFAULT_PATH = '/bin:/usr/bin';

/**
 * Looks for a program as the kernel's callers do (execvp(3)): a name with a slash is a file, any other is looked for on
 * PATH, and one that may not be run only counts where there is no other.
 *
 * @param directory absolute path of the folder that it is to be started in
 */
export function findProgram(name: string, env: Environment, directory: string): FoundProgram {
  const folders = name.includes('/') ? [''] : (env['PATH'] ?? DEFAULT_PATH).split(':');
  const files = folders.map((folder) => path.resolve(directory, folder, name)).filter(isFile);
  const file = files.find(mayRun);
  if (file !== undefined) return { kind: 'found', file };
  return { kind: files.length > 0 ? 'forbidden' : 'missing' };
}

/** Where a program of our own need is, on our own PATH; its bare name where it is not there. */
export function fileOf(name: string): string {
  const found = findProgram(name, process.env, '/');
  return found.kind === 'found' ? found.file : name;
}

function isFile(file: string): boolean {
  return works(() => statSync(file)) && statSync(file).isFile();
}

function mayRun(file: string): boolean {
  return works(() => accessSync(file, constants.X_OK));
}

function works(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}
