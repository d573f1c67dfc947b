import { readFile } from 'node:fs/promises';
import { CannotRunError, messageOf } from '../../errors.ts';
import type { FromFile } from '../from-file.ts';
import type { Around } from './around.ts';
import { besideOf } from './beside.ts';
import { chooseContainer } from './choose.ts';
import { objectsIn } from './objects.ts';
import { readContainer } from './read-container.ts';
import { missingBetween } from './volumes.ts';
import { initContainersOf, isSidecar } from './workloads.ts';

/** What a manifest says of the container that is meant, and of the sidecars that stand beside it. */
export interface Manifest {
  readonly container: FromFile;
  /** Native sidecars (init containers that are restarted always), in the manifest's order, which is that of their start. */
  readonly sidecars: readonly Sidecar[];
}

export interface Sidecar {
  readonly name: string;
  readonly from: FromFile;
}

/** What the user chose and gave. */
export type Choice = Around['given'] & { readonly container?: string };

/**
 * Reads a Kubernetes manifest.
 * @throws CannotRunError where the file cannot be read, and all that `parseManifest` throws.
 */
export async function readManifest(file: string, choice: Choice): Promise<Manifest> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`--manifest ${file} cannot be read: ${messageOf(cause)}`, {
      nextStep: 'Name a file with a Kubernetes manifest, such as deployment.yaml.',
      cause,
    });
  });
  return parseManifest(text, file, choice);
}

/**
 * The same of a text.
 * @param file as the user named it, for messages
 * @throws CannotRunError for what is no YAML or still a template, where the container that is meant cannot be told, and
 *   for a field, with its path, that has another type than Kubernetes gives it.
 */
export function parseManifest(text: string, file: string, choice: Choice): Manifest {
  const objects = objectsIn(text, file);
  const container = chooseContainer(objects, file, choice.container);
  const from = readContainer({ container, objects, given: choice });
  const sidecars = initContainersOf(container.workload).filter(isSidecar);
  return {
    container: { ...from, missing: [...from.missing, ...besideOf(container)] },
    // What is given is for the container that is meant.
    sidecars: sidecars.map((one) => {
      const read = readContainer({ container: one, objects, given: {} });
      return { name: one.name, from: { ...read, missing: [...read.missing, ...missingBetween(one, container)] } };
    }),
  };
}
