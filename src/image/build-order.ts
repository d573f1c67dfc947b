import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CannotRunError, messageOf } from '../errors.ts';
import type { ImageSource } from '../plan/plan.ts';
import type { DockerfileText } from './build-failure.ts';
import { shownPath } from './shown-path.ts';

/** On every image that this program builds: its own tag, so that all of them can be found and removed. */
export const BUILD_LABEL = 'shutdown-check.build';

/** What is to be built, whichever builder does it. */
export interface BuildOrder {
  readonly source: Extract<ImageSource, { kind: 'build' }>;
  readonly dockerfile: DockerfileText;
  /** The image's name on the engine. */
  readonly tag: string;
}

/** A builder: builds, tags, and gives out its lines. Throws a CannotRunError that names the failing line. */
export type Build = (order: BuildOrder, onLine: (line: string) => void, abort: AbortSignal) => Promise<void>;

/** @throws CannotRunError where the Dockerfile cannot be read. */
export async function buildOrder(source: BuildOrder['source']): Promise<BuildOrder> {
  const text = await readFile(source.dockerfile, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`The Dockerfile cannot be read: ${messageOf(cause)}`, { cause });
  });
  return { source, dockerfile: { path: shownPath(source.dockerfile), text }, tag: imageTag(source) };
}

/**
 * The name of what is built: the same for the same Dockerfile, context, build target and arguments, so that a second
 * run finds its layers again, and another for anything else, so that two runs side by side do not take each other's.
 */
export function imageTag({ dockerfile, context, buildTarget, buildArgs, platform }: BuildOrder['source']): string {
  const sortedArgs = Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = JSON.stringify([dockerfile, context, buildTarget, sortedArgs, platform]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  return `shutdown-check/${repositoryName(path.basename(path.dirname(dockerfile)))}-${hash}:latest`;
}

/** What a repository's name may hold: small letters, digits, and single separators between them. */
function repositoryName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'image';
}
