import { readFile } from 'node:fs/promises';
import type { ImageSource } from '../plan/plan.ts';
import { shellWord } from '../report/text.ts';
import { readEffective } from './effective.ts';
import { shownPath } from './shown-path.ts';
import { startWords } from './start-words.ts';

const OF_ANY = 'No engine at hand? A command can be checked without one: shutdown-check exec -- npm start';

/** How to do without an engine: the Dockerfile's own command, where it has one. Never throws. */
export async function execInstead(source: ImageSource): Promise<string> {
  if (source.kind === 'image') return OF_ANY;
  return (await ofDockerfile(source).catch(() => null)) ?? OF_ANY;
}

async function ofDockerfile(source: Extract<ImageSource, { kind: 'build' }>): Promise<string | null> {
  const { dockerfile, context } = source;
  const [first, ...more] = startWords(readEffective(await readFile(dockerfile, 'utf8'), dockerfile, source));
  // What goes over several lines is not for copying.
  if (first === undefined || [first, ...more].some(({ text }) => text.includes('\n'))) return null;
  const command = [first, ...more].map(({ text }) => shellWord(text)).join(' ');
  const folder = shownPath(context);
  const there = folder === '.' ? '' : `cd ${shellWord(folder)} && `;
  return [
    `No engine at hand? Its command alone (${shownPath(dockerfile)}:${first.place.line}) can be checked without one, on this machine:`,
    `  ${there}shutdown-check exec -- ${command}`,
  ].join('\n');
}
