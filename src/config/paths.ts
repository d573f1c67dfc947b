import { existsSync } from 'node:fs';
import path from 'node:path';

/** Flags whose value is a path of this machine. */
const PATHS = new Set(['manifest', 'build', 'context', 'env-file', 'ca', 'requests', 'baseline', 'output', 'json']);

/**
 * A path in a configuration counts from the file's own folder, wherever the program is run. What is no path stays as it is;
 * so does one where the two folders are the same.
 */
export function fromFolder(folder: string, flag: string, text: string): string {
  if (path.resolve(folder) === process.cwd() || text === '') return text;
  if (flag === 'target') return isPath(folder, text) ? resolved(folder, text) : text;
  if (flag === 'volume') return text.startsWith('.') ? resolved(folder, text) : text;
  if (flag === 'reporter') return text.replace(/(?<==).+/, (file) => resolved(folder, file));
  return PATHS.has(flag) && text !== '-' ? resolved(folder, text) : text;
}

/** As for a target on the command line: what exists is a path. */
function isPath(folder: string, text: string): boolean {
  return /^\.{0,2}\//.test(text) || text === '.' || existsSync(path.resolve(folder, text));
}

function resolved(folder: string, text: string): string {
  return path.relative(process.cwd(), path.resolve(folder, text)) || '.';
}
