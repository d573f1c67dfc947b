import { readFileSync } from 'node:fs';

import { CannotRunError } from '../errors.ts';

/** Files that the program has open besides the load's connections: the engine's, the terminal's, Node's own. */
export const RESERVED = 100;
/** With fewer connections than this a load is no load. */
export const LEAST = 50;

/**
 * How many connections the load may open, by `ulimit -n`; Infinity where that cannot be told (it is not Linux).
 * Node raises the soft limit to the hard one when it starts.
 *
 * @param beside So many go to others.
 * @throws CannotRunError where that is too few for any load.
 */
export function connectionLimit(beside: number): number {
  const files = openFilesLimit();
  const left = files - RESERVED - beside;
  if (left >= LEAST) return left;
  throw new CannotRunError(`A process may open only ${files} files here (\`ulimit -n\`), too few for a load.`, {
    nextStep: `Allow more: \`ulimit -n 4096\` before the program, or --ulimit nofile=4096 where it runs in a container.`,
  });
}

/** How many files this process may have open; Infinity where there is no limit, or it cannot be told. */
export function openFilesLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Infinity : Number(soft);
  } catch {
    return Infinity;
  }
}
