import { addAbortSignal, type Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { engineSentence } from '../engines/docker/engine-error.ts';
import { CannotRunError } from '../errors.ts';
import { packContext } from './build-context.ts';
import { buildFailure } from './build-failure.ts';
import { BUILD_LABEL, type Build, type BuildOrder } from './build-order.ts';
import { lastLines } from './last-lines.ts';
import { readMessages } from './messages.ts';

/** Builds through the engine's API, with its legacy builder: for machines without a docker CLI. */
export function apiBuilder(dockerode: Dockerode): Build {
  return async (order, onLine, abort) => {
    const tail = lastLines();
    const note = (line: string): void => onLine(tail.add(line));
    const failure = await build(dockerode, order, note, abort);
    abort.throwIfAborted();
    if (failure === null) return;
    note(failure);
    throw buildFailure(tail.all(), order.dockerfile);
  };
}

/** Returns the builder's own last sentence where it failed. */
async function build(
  dockerode: Dockerode,
  order: BuildOrder,
  onLine: (line: string) => void,
  abort: AbortSignal,
): Promise<string | null> {
  const { archive, dockerfileName } = await packContext(order.source.context, order.source.dockerfile).catch(
    contextError,
  );
  try {
    const answer = await dockerode.buildImage(archive, { ...options(order, dockerfileName), abortSignal: abort });
    return await readMessages(addAbortSignal(abort, answer as Readable), ({ stream, status, error }) => {
      const text = error === undefined ? (stream ?? status) : undefined;
      for (const line of text?.split('\n') ?? []) if (line.trim() !== '') onLine(line);
    });
  } catch (error) {
    // A Dockerfile that does not parse is refused before the stream begins.
    return engineSentence(error);
  } finally {
    archive.destroy();
  }
}

function options({ source, tag }: BuildOrder, dockerfile: string): Dockerode.ImageBuildOptions {
  return {
    dockerfile,
    t: tag,
    labels: { [BUILD_LABEL]: tag },
    buildargs: { ...source.buildArgs },
    rm: true,
    forcerm: true,
    ...(source.buildTarget === null ? {} : { target: source.buildTarget }),
    ...(source.platform === null ? {} : { platform: source.platform }),
    ...(source.pull === 'always' ? { pull: true } : {}),
  };
}

function contextError(cause: unknown): never {
  throw new CannotRunError(`The build context cannot be packed: ${engineSentence(cause)}`, { cause });
}
