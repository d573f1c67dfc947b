import type { ImageFacts } from '../engines/engine.ts';
import type { DockerfilePlaces } from './dockerfile-places.ts';

/** The part of an image's inspection that matters here. Its types leave out what is rare or has come later. */
interface ImageConfig {
  readonly Entrypoint?: string | readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly StopSignal?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>> | null;
  readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
}

/** An inspection of an image; one of a container says the same things in the same places. */
interface Inspected {
  readonly Id: string;
  readonly Config?: unknown;
}

/** What an image says about itself; `dockerfile` says where, where it was built here. */
export function imageFacts(inspected: Inspected, dockerfile: DockerfilePlaces | null = null): ImageFacts {
  const config = (inspected.Config ?? {}) as ImageConfig;
  return {
    id: inspected.Id,
    entrypoint: listOrNull(config.Entrypoint),
    command: listOrNull(config.Cmd),
    stopSignal: config.StopSignal || null,
    exposedPorts: tcpPorts(Object.keys(config.ExposedPorts ?? {})),
    hasHealthcheck: hasTest(config.Healthcheck?.Test),
    dockerfile,
  };
}

/** `["NONE"]` switches off a base image's check; an empty list inherits, and there is nothing left to inherit from. */
function hasTest(test: readonly string[] | null | undefined): boolean {
  return test !== null && test !== undefined && test.length > 0 && test[0] !== 'NONE';
}

function tcpPorts(exposed: readonly string[]): readonly number[] {
  return exposed
    .filter((port) => port.endsWith('/tcp'))
    .map((port) => Number.parseInt(port, 10))
    .sort((a, b) => a - b);
}

function listOrNull(argv: string | readonly string[] | null | undefined): readonly string[] | null {
  if (argv === null || argv === undefined || argv.length === 0) return null;
  return typeof argv === 'string' ? [argv] : argv;
}
