import path from 'node:path';

import { CannotRunError } from '../errors.ts';
import { fromCompose } from './from-compose.ts';
import { fromDockerfiles } from './from-dockerfiles.ts';
import { fromManifests } from './from-manifests.ts';
import { lookThrough } from './look.ts';
import { type Proposal, withOwnNames } from './proposal.ts';
import { configText } from './text.ts';

/** A configuration for a project, and what of it has none. */
export interface Proposed {
  readonly text: string;
  readonly names: readonly string[];
  /** What was found and is not in it, a clause each. */
  readonly leftOut: readonly string[];
}

/**
 * Proposes a configuration from the Dockerfiles, compose files and Kubernetes manifests of a folder. Writes nothing.
 * @throws CannotRunError where there is no such folder, and where there is none of these in it.
 */
export async function propose(folder: string): Promise<Proposed> {
  const found = await lookThrough(folder);
  const compose = fromCompose(found);
  const dockerfiles = fromDockerfiles(found, path.basename(path.resolve(folder)), compose.built);
  const manifests = fromManifests(found);
  const taken = [...compose.proposals, ...dockerfiles.proposals];
  const proposals = withOwnNames([...taken, ...manifests.proposals.map((one) => besides(taken, one))]);
  const leftOut = [compose, dockerfiles, manifests].flatMap((one) => one.leftOut);
  if (proposals.length === 0) throw nothingFound(folder, leftOut);
  return { text: configText(proposals), names: proposals.map(({ name }) => name), leftOut };
}

/** The same app once more, as a pod. */
function besides(taken: readonly Proposal[], one: Proposal): Proposal {
  return taken.some(({ name }) => name === one.name) ? { ...one, name: `${one.name}-pod` } : one;
}

function nothingFound(folder: string, leftOut: readonly string[]): CannotRunError {
  const where = folder === '.' ? 'this folder' : folder;
  return new CannotRunError(`There is no Dockerfile, compose file or Kubernetes manifest in ${where} to check.`, {
    detail: leftOut.map((one) => `Left out: ${one}.`),
    nextStep: 'Name the folder that has one: shutdown-check init FOLDER',
  });
}
