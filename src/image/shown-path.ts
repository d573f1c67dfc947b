import path from 'node:path';

/** The shorter of an absolute path and the one from here: what a reader, an editor or a shell here can take. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative || '.';
}
