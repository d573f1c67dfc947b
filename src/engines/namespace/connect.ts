import { CannotRunError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import type { Way } from './chain.ts';
import { launch } from './launch.ts';
import { createNamespaceEngine } from './namespace-engine.ts';
import { programsMissing } from './programs-missing.ts';
import { whyNot } from './why-not.ts';

/**
 * The kernel of this machine as an engine: a command becomes PID 1 of a PID namespace of its own.
 *
 * @throws CannotRunError where such a namespace cannot be had: which one is missing, and how to allow it.
 */
export async function connectNamespace(abort?: AbortSignal): Promise<Engine> {
  return createNamespaceEngine(await findWay(abort));
}

/**
 * How a namespace can be made here, found out by making one.
 *
 * @throws CannotRunError where none can be had: which one is missing, and how to allow it.
 */
export async function findWay(abort?: AbortSignal): Promise<Way> {
  if (process.platform !== 'linux') throw notLinux();
  const isRoot = process.geteuid?.() === 0;
  let failure: unknown;
  for (const way of isRoot ? (['root', 'user'] as const) : (['user'] as const)) {
    abort?.throwIfAborted();
    failure = await failureOf(way);
    if (failure === null) return way;
  }
  abort?.throwIfAborted();
  throw (await programsMissing()) ?? (await whyNot(isRoot)) ?? failure;
}

/** Runs a command that does nothing, all the way; null where that works. */
async function failureOf(way: Way): Promise<unknown> {
  try {
    const { stdout, stderr, leftNothing } = await launch({ way, command: ['true'], directory: '/', env: process.env });
    stdout.destroy();
    stderr.destroy();
    await leftNothing;
    return null;
  } catch (error) {
    return error;
  }
}

function notLinux(): CannotRunError {
  const system = { darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? process.platform;
  return new CannotRunError(
    `A command cannot be checked on ${system}: it takes PID namespaces, which only Linux has.`,
    {
      nextStep: 'Run it on Linux, in CI for instance, or check an image: `shutdown-check run IMAGE`.',
    },
  );
}
