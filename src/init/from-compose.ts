import path from 'node:path';

import { CannotRunError } from '../errors.ts';
import { OTHER_PROTOCOLS } from '../plan/compose/other-protocols.ts';
import { isMap } from '../plan/compose/spot.ts';
import { parseYaml } from '../plan/compose/yaml.ts';
import { exposedPorts } from './from-dockerfiles.ts';
import type { Found, TextFile } from './look.ts';
import {
  nameFrom,
  offered,
  PATH_OFFER,
  pathValue,
  type Proposal,
  type Proposals,
  said,
  WORKER_LINES,
} from './proposal.ts';

type Service = Readonly<Record<string, unknown>>;

/** What compose files propose, and the Dockerfiles that they build. */
export interface FromCompose extends Proposals {
  readonly built: ReadonlySet<string>;
}

/** As compose looks for them. Others are merged into these, or are of something else. */
const COMPOSE_FILE = /^(?:docker-)?compose\.ya?ml$/;

/** A target for each service that a compose file builds; where it builds none, for each that takes requests. */
export function fromCompose(found: Found): FromCompose {
  const read = found.yamls
    .filter(({ file }) => COMPOSE_FILE.test(path.posix.basename(file)))
    .map((one) => fromFile(one, found));
  return {
    proposals: read.flatMap(({ proposals }) => proposals),
    leftOut: read.flatMap(({ leftOut }) => leftOut),
    built: new Set(read.flatMap(({ built }) => [...built])),
  };
}

function fromFile({ file, text }: TextFile, { dockerfiles }: Found): FromCompose {
  const services = servicesIn(text, file);
  if (services === null)
    return { proposals: [], leftOut: [`${file}, which is no compose file that can be read`], built: new Set() };
  const dockerfileOf = ([, service]: readonly [string, Service]): string | null => builtFrom(file, service);
  const textOf = (one: readonly [string, Service]): string =>
    dockerfiles.find((dockerfile) => dockerfile.file === dockerfileOf(one))?.text ?? '';
  const own = services.filter((one) => dockerfileOf(one) !== null);
  const meant = own.length > 0 ? own : services.filter((one) => takesRequests(one[1], ''));
  return {
    proposals: meant.map((one) => proposalOf(file, one, takesRequests(one[1], textOf(one)))),
    leftOut: services
      .filter((one) => !meant.includes(one))
      .map(([name]) => `${name} of ${file}, ${own.length > 0 ? 'which is not built here' : 'which names no port'}`),
    built: new Set(own.map(dockerfileOf).filter((one) => one !== null)),
  };
}

function servicesIn(text: string, file: string): readonly (readonly [string, Service])[] | null {
  try {
    const value = parseYaml(text, file);
    if (!isMap(value) || !isMap(value['services'])) return null;
    return Object.entries(value['services']).filter((one): one is [string, Service] => isMap(one[1]));
  } catch (error) {
    if (error instanceof CannotRunError) return null;
    throw error;
  }
}

/** The Dockerfile of a service, relative to the folder that was looked through; null where it builds none. */
function builtFrom(file: string, { build }: Service): string | null {
  const given = isMap(build) ? build : { context: build };
  const { context = '.', dockerfile = 'Dockerfile' } = given as {
    readonly context?: unknown;
    readonly dockerfile?: unknown;
  };
  if (build === undefined || build === null || typeof context !== 'string') return null;
  return path.posix.join(path.posix.dirname(file), context, typeof dockerfile === 'string' ? dockerfile : 'Dockerfile');
}

function takesRequests({ ports, expose }: Service, dockerfile: string): boolean {
  const named = [ports, expose]
    .flatMap((list: unknown) => (Array.isArray(list) ? (list as unknown[]) : []))
    .map(portOf);
  return [...named, ...exposedPorts(dockerfile)].some((port) => !OTHER_PROTOCOLS.has(port));
}

/** The container's own port of `8080:3000/tcp`. */
function portOf(given: unknown): number {
  const value = isMap(given) ? given['target'] : given;
  return typeof value === 'number'
    ? value
    : Number.parseInt(typeof value === 'string' ? (value.split(':').at(-1) ?? '') : '', 10);
}

function proposalOf(file: string, [name, service]: readonly [string, Service], isApp: boolean): Proposal {
  const grace = service['stop_grace_period'];
  return {
    name: nameFrom(name),
    lines: [
      said('target', pathValue(file)),
      said('service', JSON.stringify(name).replace(/^"([\w.-]+)"$/, '$1')),
      ...(typeof grace === 'string' ? [offered('grace', grace, 'its stop_grace_period says so already')] : []),
      ...(isApp ? [PATH_OFFER] : WORKER_LINES),
    ],
  };
}
