import { addAbortSignal, type Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { engineSentence } from '../engines/docker/engine-error.ts';
import { CannotRunError } from '../errors.ts';
import { readMessages, type BuilderMessage } from './messages.ts';

/**
 * Pulls an image, with the user's credentials and credential helpers as testcontainers finds them. (Its own `pull`
 * swallows an error that comes after the engine's first answer, and cannot be interrupted.)
 *
 * @throws CannotRunError with the registry's own message where the image cannot be had.
 */
export async function pullImage(
  dockerode: Dockerode,
  reference: string,
  platform: string | null,
  onLine: (line: string) => void,
  abort: AbortSignal,
): Promise<void> {
  const failure = await pull(dockerode, reference, platform, onLine, abort).catch(engineSentence);
  abort.throwIfAborted();
  if (failure !== null) throw missingImage(reference, failure);
}

async function pull(
  dockerode: Dockerode,
  reference: string,
  platform: string | null,
  onLine: (line: string) => void,
  abort: AbortSignal,
): Promise<string | null> {
  const { ImageName } = await import('testcontainers');
  const { getAuthConfig } = await import('testcontainers/build/container-runtime/auth/get-auth-config.js');
  const name = ImageName.fromString(reference);
  const authconfig = await getAuthConfig(name.registry ?? 'https://index.docker.io/v1/');
  const stream = await dockerode.pull(name.string, {
    ...(authconfig === undefined ? {} : { authconfig }),
    ...(platform === null ? {} : { platform }),
    abortSignal: abort,
  });
  return readMessages(addAbortSignal(abort, stream as Readable), (message) => {
    const line = lineOf(message);
    if (line !== null) onLine(line);
  });
}

/** Progress bars of single layers are left out: they come by the hundred. */
function lineOf({ status, id }: BuilderMessage): string | null {
  if (status === undefined || /^(Downloading|Extracting|Waiting|Verifying)/.test(status)) return null;
  return id === undefined ? status : `${id}: ${status}`;
}

/** The image is not on the engine and cannot be pulled, or must not be. */
export function missingImage(reference: string, why: string): CannotRunError {
  return new CannotRunError(`The image ${reference} cannot be had: ${why}`, {
    nextStep:
      'Check its name and tag; for a private registry, `docker login` first. ' +
      'If you meant a Dockerfile, give its path, such as ./Dockerfile or the folder that holds it; beside a manifest as --build PATH.',
  });
}
