import { type Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { CannotRunError, messageOf } from '../errors.ts';

/** What may say how something is run, of a folder and those in it. Paths are relative to the folder, with `/`. */
export interface Found {
  readonly dockerfiles: readonly TextFile[];
  /** Every other YAML file: compose files, manifests, and what is neither. */
  readonly yamls: readonly TextFile[];
  /** Every file that was seen, for the question whether something is there. */
  readonly paths: ReadonlySet<string>;
}

export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** Folders of other people's files, and of what was built. */
const SKIPPED = new Set(['node_modules', 'vendor', 'dist', 'build', 'target', 'coverage', 'reports', '__pycache__']);
/** `services/api/docker/Dockerfile` is as deep as they are. */
const DEEPEST = 4;
const MOST_FILES = 20_000;
/** A longer one was written by no person. */
const LONGEST_BYTES = 1_000_000;

const DOCKERFILE = /^(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\.(?:Dockerfile|Containerfile)$/i;

/**
 * Looks through a folder.
 * @throws CannotRunError where there is none.
 */
export async function lookThrough(folder: string): Promise<Found> {
  const paths = new Set<string>();
  await collect(folder, '', 0, paths);
  const files = [...paths].toSorted(byDepth);
  return {
    dockerfiles: await textsOf(
      folder,
      files.filter((file) => DOCKERFILE.test(path.basename(file))),
    ),
    yamls: await textsOf(
      folder,
      files.filter((file) => /\.ya?ml$/.test(file)),
    ),
    paths,
  };
}

async function collect(folder: string, below: string, depth: number, paths: Set<string>): Promise<void> {
  for (const entry of await entriesIn(path.join(folder, below), depth)) {
    if (paths.size >= MOST_FILES) return;
    const name = path.posix.join(below, entry.name);
    if (entry.isFile()) paths.add(name);
    else if (entry.isDirectory() && depth < DEEPEST && !SKIPPED.has(entry.name) && !entry.name.startsWith('.'))
      await collect(folder, name, depth + 1, paths);
  }
}

/** A folder within that may not be read is passed by. */
async function entriesIn(folder: string, depth: number): Promise<readonly Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (depth > 0) return [];
    throw new CannotRunError(`The folder ${folder} cannot be read: ${messageOf(cause)}`, {
      nextStep: 'Name the folder of the project: shutdown-check init .',
      cause,
    });
  }
}

function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || (a < b ? -1 : 1);
}

async function textsOf(folder: string, files: readonly string[]): Promise<readonly TextFile[]> {
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(folder, file), 'utf8').catch(() => '') })),
  );
  return texts.filter(({ text }) => text.length > 0 && text.length < LONGEST_BYTES);
}
