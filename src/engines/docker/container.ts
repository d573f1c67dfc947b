import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import { withoutValues } from '../../plan/filled-in.ts';
import type { ContainerPlan } from '../../plan/plan.ts';
import type { Target } from '../engine.ts';
import { isRemote } from './address.ts';
import type { DockerConnection } from './connection.ts';
import { processorsToAsk } from './cpus.ts';
import { createBody, type ContainerOrder, isEmptyVolume } from './create-options.ts';
import { openEmptyVolumes } from './empty-volumes.ts';
import { engineSentence } from './engine-error.ts';
import { removeContainer } from './sweep.ts';
import { targetOf } from './target.ts';

/**
 * Creates and starts a container.
 *
 * @throws CannotRunError with the engine's own sentence where it cannot; nothing is left behind then.
 */
export async function startContainer(connection: DockerConnection, order: ContainerOrder): Promise<Target> {
  const container = await create(connection, order);
  const remove = (): Promise<void> => removeContainer(connection.dockerode, container.id);
  try {
    await openEmptyVolumes(container, order.plan.volumes.filter(isEmptyVolume));
    await container.start();
    return removedWith(await targetOf(connection, await container.inspect(), order.labels), remove);
  } catch (error) {
    await remove().catch(() => {});
    throw startError(order, error);
  }
}

/** What stands beside it goes first. */
function removedWith(target: Target, remove: () => Promise<void>): Target {
  return {
    ...target,
    [Symbol.asyncDispose]: async () => {
      try {
        await target[Symbol.asyncDispose]();
      } finally {
        await remove();
      }
    },
  };
}

async function create(connection: DockerConnection, order: ContainerOrder): Promise<Dockerode.Container> {
  // A published port on a remote engine's loopback could not be reached from here.
  const publishOn = isRemote(connection.address) ? '' : '127.0.0.1';
  const { platform } = order.plan;
  try {
    const cpus = await processorsToAsk(connection.dockerode, order.plan.cpus);
    const body = createBody({ ...order, plan: { ...order.plan, cpus } }, publishOn);
    const call = { _query: platform === null ? {} : { platform }, _body: body };
    // Split by hand: dockerode would put the whole body, secrets in Env included, into the URL as well.
    return await connection.dockerode.createContainer(call as Dockerode.ContainerCreateOptions);
  } catch (error) {
    throw startError(order, error);
  }
}

function startError({ image, plan }: ContainerOrder, cause: unknown): CannotRunError {
  // It may quote the command.
  const sentence = withoutValues(engineSentence(cause), plan.filledIn);
  const nextStep = /network .* not found/i.test(sentence)
    ? '`docker network ls` lists the networks there are.'
    : /executable file not found|no such file or directory|permission denied|no command specified/i.test(sentence)
      ? `Its entrypoint is ${show(plan.entrypoint ?? image.entrypoint, plan)}, its command ${show(plan.command ?? image.command, plan)}.`
      : undefined;
  return new CannotRunError(`The container of ${image.reference} does not start: ${sentence}`, {
    ...(nextStep === undefined ? {} : { nextStep }),
    cause,
  });
}

function show(argv: readonly string[] | null, { filledIn }: ContainerPlan): string {
  return argv === null ? 'empty' : JSON.stringify(argv.map((word) => withoutValues(word, filledIn)));
}
