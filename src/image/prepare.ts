import type Dockerode from 'dockerode';
import type { DockerConnection } from '../engines/docker/connection.ts';
import { engineSentence, statusOf } from '../engines/docker/engine-error.ts';
import type { PreparedImage } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import type { ImageSource } from '../plan/plan.ts';
import { apiBuilder } from './build-api.ts';
import { cliBuilder, type GuardChild } from './build-cli.ts';
import { buildOrder, type BuildOrder } from './build-order.ts';
import { dockerfilePlaces } from './dockerfile-places.ts';
import { findDockerCli } from './docker-cli.ts';
import { imageFacts } from './image-facts.ts';
import { missingImage, pullImage } from './pull.ts';

type OnLine = (line: string) => void;

/**
 * Builds, pulls or finds the image.
 *
 * @param guardChild is told of the builder's process, which should not outlive this one
 * @param onProgress gets the builder's or the registry's lines
 * @throws CannotRunError where the image does not build or cannot be had; the abort's own reason where it is aborted.
 */
export function prepareImage(
  connection: DockerConnection,
  source: ImageSource,
  guardChild: GuardChild,
  onProgress: OnLine,
  abort: AbortSignal,
): Promise<PreparedImage> {
  return source.kind === 'build'
    ? buildImage(connection, source, guardChild, onProgress, abort)
    : findImage(connection.dockerode, source, onProgress, abort);
}

async function buildImage(
  { dockerode, address }: DockerConnection,
  source: BuildOrder['source'],
  guardChild: GuardChild,
  onProgress: OnLine,
  abort: AbortSignal,
): Promise<PreparedImage> {
  const order = await buildOrder(source);
  const replaced = await inspect(dockerode, order.tag);
  const cli = await findDockerCli();
  const build = cli === null ? apiBuilder(dockerode) : cliBuilder(cli, address, guardChild);
  await build(order, onProgress, abort);
  const built = await inspect(dockerode, order.tag);
  if (built === null) throw strangeBuilderError(order.tag);
  if (replaced !== null && replaced.Id !== built.Id) await removeUnnamed(dockerode, replaced.Id);
  return { reference: order.tag, ...imageFacts(built, dockerfilePlaces(order)) };
}

/** The image that a rebuild has put out of its name. Best effort: it may be in use, or have another name. */
async function removeUnnamed(dockerode: Dockerode, id: string): Promise<void> {
  const image = await inspect(dockerode, id).catch(() => null);
  if (image === null || (image.RepoTags ?? []).length > 0) return;
  await dockerode
    .getImage(id)
    .remove()
    .catch(() => {});
}

function strangeBuilderError(tag: string): CannotRunError {
  return new CannotRunError(`\`docker build\` succeeded, but the engine has no image ${tag}.`, {
    nextStep:
      'Its builder probably keeps its results to itself (docker buildx ls): ' +
      'run with BUILDX_BUILDER=default, or build with `docker buildx build --load` and give the image.',
  });
}

async function findImage(
  dockerode: Dockerode,
  { reference, platform, pull }: Extract<ImageSource, { kind: 'image' }>,
  onProgress: OnLine,
  abort: AbortSignal,
): Promise<PreparedImage> {
  const local = pull === 'always' ? null : await inspect(dockerode, reference);
  if (local !== null && isFor(platform, local)) return { reference, ...imageFacts(local) };
  if (pull === 'never') throw missingImage(reference, 'it is not on this engine, and it must not be pulled.');
  await pullImage(dockerode, reference, platform, onProgress, abort);
  const pulled = await inspect(dockerode, reference);
  if (pulled === null) throw missingImage(reference, 'the engine does not have it after the pull.');
  return { reference, ...imageFacts(pulled) };
}

/** Whether an image is for a platform, `os/arch[/variant]`; any image is for none in particular. */
function isFor(platform: string | null, image: Dockerode.ImageInspectInfo): boolean {
  if (platform === null) return true;
  const [os, architecture] = platform.split('/');
  return image.Os === os && image.Architecture === architecture;
}

async function inspect(dockerode: Dockerode, reference: string): Promise<Dockerode.ImageInspectInfo | null> {
  try {
    return await dockerode.getImage(reference).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw new CannotRunError(`The image ${reference} cannot be inspected: ${engineSentence(error)}`, { cause: error });
  }
}
