import { resolve } from 'node:path';
import type { CommonOptions, RunOptions } from './options.ts';
import type { ContainerPlan } from './plan.ts';
import { normaliseSignal } from './signals.ts';

/**
 * What is said of an image and of a command alike; the rest is left to the engine.
 * @throws CannotRunError for a stop signal that is none.
 */
export function commonContainer(options: CommonOptions): ContainerPlan {
  return {
    env: options.env ?? {},
    init: options.init ?? false,
    memoryBytes: null,
    cpus: null,
    user: null,
    workingDir: null,
    platform: null,
    entrypoint: null,
    command: null,
    filledIn: {},
    network: null,
    aliases: [],
    healthcheck: null,
    volumes: [],
    stopSignal:
      options.stopSignal === undefined ? null : normaliseSignal(options.stopSignal, 'stopSignal (--stop-signal)'),
    port: options.port ?? null,
  };
}

/**
 * How a container of an image is started.
 * @throws CannotRunError for a stop signal that is none.
 */
export function imageContainer(options: RunOptions): ContainerPlan {
  return {
    ...commonContainer(options),
    memoryBytes: options.memoryBytes ?? null,
    cpus: options.cpus ?? null,
    user: options.user ?? null,
    workingDir: options.workingDir ?? null,
    platform: options.platform ?? null,
    entrypoint: options.entrypoint ?? null,
    command: options.command ?? null,
    network: options.network ?? null,
    healthcheck: options.healthcheck ?? null,
    volumes: (options.volumes ?? []).map(absoluteSource),
  };
}

/** The engine's API knows no current folder: `./data:/data` has to name it. */
function absoluteSource(volume: string): string {
  if (volume.startsWith('/')) return volume;
  const source = volume.slice(0, volume.indexOf(':'));
  return source.startsWith('.') ? resolve(source) + volume.slice(source.length) : volume;
}
