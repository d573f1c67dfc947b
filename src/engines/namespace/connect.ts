import type { Engine } from '../engine.ts';
import { createNamespaceEngine } from './namespace-engine.ts';

/**
 * The kernel of this machine as an engine: a command becomes PID 1 of a PID namespace of its own.
 *
 * @throws CannotRunError where such a namespace cannot be had: which one is missing, and how to allow it.
 */
export function connectNamespace(abort?: AbortSignal): Promise<Engine> {
  abort?.throwIfAborted();
  return Promise.resolve(createNamespaceEngine(process.geteuid?.() === 0 ? 'root' : 'user'));
}
