import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { tarFile } from './tar.ts';

/** What the engine's build call takes. */
export interface BuildContext {
  /** A gzipped tar archive. */
  readonly archive: Readable;
  /** Where in it the Dockerfile is. */
  readonly dockerfileName: string;
}

/** dockerode's own packing, which knows .dockerignore. It is what `buildImage({ context, src })` calls. */
const { prepareBuildContext } = createRequire(import.meta.url)('dockerode/lib/util.js') as {
  prepareBuildContext(file: { context: string; src: readonly string[] }, next: (archive: Readable) => void): void;
};

/** Where a Dockerfile lies in the context that has no place of its own there. */
const OUTSIDER = '.shutdown-check.Dockerfile';
const IGNORE_FILE = '.dockerignore';
/** What a name field of a plain tar entry holds, in bytes. */
const MAX_NAME = 100;

/**
 * Packs a build context. The Dockerfile is always in it, also where it lies outside the context or .dockerignore
 * leaves it out, and so is .dockerignore: the builder takes away again what of the two is ignored, as for the docker
 * CLI.
 */
export async function packContext(context: string, dockerfile: string): Promise<BuildContext> {
  const dockerfileName = nameInContext(context, dockerfile);
  const ignored = await readFile(path.join(context, IGNORE_FILE), 'utf8').catch(() => IGNORE_FILE);
  const ignoreFile = dockerfileName === OUTSIDER ? `${ignored}\n${OUTSIDER}\n` : ignored;
  const own = [tarFile(dockerfileName, await readFile(dockerfile)), tarFile(IGNORE_FILE, Buffer.from(ignoreFile))];
  // File by file: a folder that is ignored as such may hold files that a later `!` takes in again.
  const src = (await listFiles(context)).filter((file) => file !== dockerfileName && file !== IGNORE_FILE);
  const rest = await new Promise<Readable>((resolve) => prepareBuildContext({ context, src }, resolve));
  return { archive: Readable.from(concatenate(Buffer.concat(own), rest)), dockerfileName };
}

function nameInContext(context: string, dockerfile: string): string {
  const inside = path.relative(context, dockerfile).replaceAll(path.sep, '/');
  const hasPlace = !inside.startsWith('../') && !path.isAbsolute(inside) && Buffer.byteLength(inside) <= MAX_NAME;
  return hasPlace ? inside : OUTSIDER;
}

/** Members of a gzip file may follow each other, and so may the entries of a tar archive. */
async function* concatenate(first: Buffer, rest: Readable): AsyncGenerator<Buffer> {
  yield gzipSync(first);
  yield* rest as AsyncIterable<Buffer>;
}

async function listFiles(context: string): Promise<string[]> {
  const entries = await readdir(context, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(context, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}
