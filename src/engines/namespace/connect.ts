import type { Engine } from '../engine.ts';

/**
 * The kernel of this machine as an engine: a command becomes PID 1 of a PID namespace of its own.
 *
 * @throws CannotRunError where such a namespace cannot be had: which one is missing, and how to allow it.
 */
export async function connectNamespace(_abort?: AbortSignal): Promise<Engine> {
  throw new Error('not there yet');
}
