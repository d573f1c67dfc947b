import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { originOf } from '../image/copy.ts';
import type { EffectiveImage } from '../image/effective.ts';

/** Longer ones are no entrypoint scripts. */
const MAX_BYTES = 256 * 1024;
/** Where an image's command is looked for when it is a bare name. */
const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A file of the image, as far as the build context tells. */
export type ImageFile =
  | {
      readonly kind: 'text';
      /** As the reader would name it from here. */ readonly file: string;
      readonly text: string;
    }
  | { readonly kind: 'unread'; readonly because: string };

/** Reads files of an image out of its build context. */
export interface ImageFiles {
  /** A program that the image starts: a path, or a name that is looked for in the usual folders. */
  program(word: string): Promise<ImageFile>;
  /** A file that is next to the command: relative to the working folder. */
  beside(name: string): Promise<ImageFile>;
}

/** @param context the build context's folder, as the reader would name it from here */
export function filesOf({ copies, workdir }: EffectiveImage, context: string): ImageFiles {
  const at = async (imagePaths: readonly string[]): Promise<ImageFile> => {
    for (const imagePath of imagePaths) {
      const origin = originOf(imagePath, copies);
      if (origin?.kind === 'elsewhere') return { kind: 'unread', because: origin.because };
      for (const candidate of origin?.candidates ?? []) {
        const found = await readText(context, candidate);
        if (found) return found;
      }
    }
    return { kind: 'unread', because: 'no COPY or ADD that lint can follow puts it into the image' };
  };
  return {
    program: (word) =>
      at(word.includes('/') ? [path.posix.resolve(workdir, word)] : PATH.map((folder) => `${folder}/${word}`)),
    beside: (name) => at([path.posix.resolve(workdir, name)]),
  };
}

/** A text file of the context; null where there is none. What leads out of the context is none of the builder's. */
async function readText(context: string, inside: string): Promise<ImageFile | null> {
  const file = path.join(context, inside);
  try {
    const [real, root] = await Promise.all([realpath(file), realpath(context)]);
    if (path.relative(root, real).startsWith('..')) return null;
    await using handle = await open(real);
    const stats = await handle.stat();
    if (!stats.isFile()) return null;
    if (stats.size > MAX_BYTES) return { kind: 'unread', because: `${file} is too long for a script` };
    const text = await handle.readFile('utf8');
    return text.includes('\0') ? { kind: 'unread', because: `${file} is no text` } : { kind: 'text', file, text };
  } catch {
    return null;
  }
}
