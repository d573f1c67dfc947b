import path from 'node:path';
import { readEffective } from './effective.ts';
import type { BuildOrder } from './build-order.ts';

/** Where a Dockerfile says how its container starts and stops. Lines count from 1; null where it does not say. */
export interface DockerfilePlaces {
  /** As seen from the working folder. */
  readonly file: string;
  readonly entrypointLine: number | null;
  readonly commandLine: number | null;
  readonly stopSignalLine: number | null;
}

/** The places in a Dockerfile that was built; null where it is in no syntax that is understood here. */
export function dockerfilePlaces({
  source,
  dockerfile,
}: Pick<BuildOrder, 'source' | 'dockerfile'>): DockerfilePlaces | null {
  try {
    const { entrypoint, command, stopSignal } = readEffective(dockerfile.text, dockerfile.path, source);
    return {
      file: path.relative(process.cwd(), source.dockerfile),
      entrypointLine: entrypoint?.place.line ?? null,
      commandLine: command?.place.line ?? null,
      stopSignalLine: stopSignal?.place.line ?? null,
    };
  } catch {
    return null;
  }
}
