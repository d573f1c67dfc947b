import { randomUUID } from 'node:crypto';
import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import type { Network } from '../engine.ts';
import { engineSentence } from './engine-error.ts';
import { removeNetwork } from './sweep.ts';

/**
 * Makes a network with a name of its own, for on the engine's own bridge containers do not find each other by name.
 *
 * @throws CannotRunError with the engine's own sentence where it cannot.
 */
export async function createNetwork(dockerode: Dockerode, labels: Readonly<Record<string, string>>): Promise<Network> {
  const name = `shutdown-check-${randomUUID().slice(0, 8)}`;
  const network = await dockerode.createNetwork({ Name: name, Labels: { ...labels } }).catch((cause: unknown) => {
    throw new CannotRunError(`A network for the containers could not be made: ${engineSentence(cause)}`, {
      nextStep: 'See with `docker network ls` what there is; an engine has addresses for some thirty of them.',
      cause,
    });
  });
  return { name, [Symbol.asyncDispose]: () => removeNetwork(dockerode, network.id) };
}
