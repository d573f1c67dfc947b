import { readFile } from 'node:fs/promises';
import { CannotRunError } from '../../errors.ts';
import { parseInstructions } from '../../image/dockerfile.ts';
import type { RunOptions } from '../options.ts';
import type { Plan } from '../plan.ts';
import { checkGiven, planOfService } from '../resolve.ts';
import { hasProfiles, serviceNames } from './choose-service.ts';
import type { ComposeFile } from './compose-file.ts';
import { OTHER_PROTOCOLS } from './other-protocols.ts';
import { chosenTarget, composeFileOf } from './resolve-compose.ts';
import { readService, type Service } from './service.ts';

/** What becomes of a service where all of a file are checked. */
export type EachService =
  | { readonly kind: 'planned'; readonly name: string; readonly plan: Plan }
  /** Continues "NAME: …", a clause. */
  | { readonly kind: 'leftOut'; readonly name: string; readonly because: string }
  | { readonly kind: 'unable'; readonly name: string; readonly error: CannotRunError };

/**
 * A plan for every service of the file that takes requests, in its order, and of the others why there is none.
 * @throws CannotRunError where there is no such file, and for options that are none.
 */
export async function planEachService(options: RunOptions): Promise<readonly EachService[]> {
  checkGiven(options);
  if (options.service !== undefined) {
    throw new CannotRunError('service (--service) names one, and all (--all) is every one.', {
      nextStep: 'Leave one of the two out.',
    });
  }
  const composeFile = await composeFileOf(options);
  if (composeFile === null) {
    throw new CannotRunError('all (--all) is for the services of a compose file.', {
      nextStep: 'Name one: shutdown-check run compose.yaml --all',
    });
  }
  return await Promise.all(serviceNames(composeFile).map((name) => planOne(composeFile, options, name)));
}

async function planOne(composeFile: ComposeFile, options: RunOptions, name: string): Promise<EachService> {
  try {
    const because = whyByFile(composeFile, options, name) ?? (await whyByService(composeFile, options, name));
    if (because !== null) return { kind: 'leftOut', name, because };
    const plan = await planOfService(options, composeFile, await chosenTarget(composeFile, options, name));
    return { kind: 'planned', name, plan };
  } catch (error) {
    if (error instanceof CannotRunError) return { kind: 'unable', name, error };
    throw error;
  }
}

function whyByFile(composeFile: ComposeFile, options: RunOptions, name: string): string | null {
  if (options.sidecars?.includes(name)) return 'runs beside the others as their sidecar';
  return hasProfiles(composeFile, name) ? 'is there only with its profile' : null;
}

async function whyByService(composeFile: ComposeFile, options: RunOptions, name: string): Promise<string | null> {
  if (options.load === 'none') return null;
  const service = await readService(composeFile, name);
  const exposed = service.ports.length > 0 ? [] : await exposedBy(service);
  const ports = [...service.ports, ...exposed.map((word) => Number.parseInt(word, 10))];
  const other = ports.map((port) => ({ port, what: OTHER_PROTOCOLS.get(port) })).find(({ what }) => what);
  if (other) return `listens on ${other.port}, which is ${other.what}'s and no HTTP`;
  return ports.length > 0 ? null : 'names no port (`ports` or `expose`), as a worker';
}

/**
 * The ports that the Dockerfile names which it is built from, as they stand there: `5432`, `5432/tcp`, `${PORT}`. What a
 * ready image exposes is known only to the engine.
 */
async function exposedBy({ options }: Service): Promise<readonly string[]> {
  if (options.image === true) return [];
  const dockerfile = await readFile(options.target, 'utf8').catch(() => '');
  return parseInstructions(dockerfile)
    .filter(({ keyword }) => keyword === 'EXPOSE')
    .flatMap(({ text }) => text.split(' ').slice(1));
}
