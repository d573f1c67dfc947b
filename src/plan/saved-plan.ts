import path from 'node:path';

import { withoutValues } from './filled-in.ts';
import type { ContainerPlan, Plan } from './plan.ts';

const HIDDEN = '(hidden)';
/** Headers that carry credentials, by what is usual. */
const SECRET_HEADER = /^(authorization|proxy-authorization|cookie)$|token|secret|api-?key|password/i;
/** Parameters of a query that do, by what is usual. */
const SECRET_PARAMETER = /([?&][^=&#]*(?:auth|token|secret|key|password|signature|sig)[^=&#]*=)[^&#]*/gi;

/**
 * The plan as it may be saved and shown. A result ends up in a CI server's artefacts for all to read, and is compared
 * with one from another machine: so no values of the environment, no credentials, and paths as seen from `folder`.
 */
export function savedPlan<Any extends Plan>(plan: Any, folder: string): Any {
  const requests = plan.load.requests.map((request) => ({
    ...request,
    path: savedPath(request.path),
    headers: hideSome(request.headers),
  }));
  const holds = plan.load.holds.map((hold) => ({ ...hold, path: savedPath(hold.path) }));
  const { tls } = plan.load;
  return {
    ...plan,
    image: relativeTo(folder, plan.image),
    container: savedContainer(folder, plan.container),
    companions: plan.companions.map((one) => ({
      ...one,
      image: relativeTo(folder, one.image),
      container: savedContainer(folder, one.container),
    })),
    readyPath: savedPath(plan.readyPath),
    preStop: savedHook(plan.preStop),
    file: plan.file && relativePath(folder, plan.file),
    load: { ...plan.load, requests, holds, tls: tls && { ...tls, ca: tls.ca && path.basename(tls.ca) } },
  };
}

function savedContainer(folder: string, container: ContainerPlan): ContainerPlan {
  return {
    ...container,
    ...wordsOf(container),
    env: mapValues(container.env, () => HIDDEN),
    filledIn: mapValues(container.filledIn, () => HIDDEN),
    volumes: container.volumes.map((volume) => savedVolume(folder, volume)),
  };
}

function wordsOf({
  entrypoint,
  command,
  healthcheck,
  filledIn,
}: ContainerPlan): Pick<ContainerPlan, 'entrypoint' | 'command' | 'healthcheck'> {
  const saved = (words: readonly string[]): readonly string[] => words.map((word) => withoutValues(word, filledIn));
  return {
    entrypoint: entrypoint && saved(entrypoint),
    command: command && saved(command),
    healthcheck: healthcheck && { ...healthcheck, test: saved(healthcheck.test) },
  };
}

function savedVolume(folder: string, volume: string): string {
  const [source = '', ...where] = volume.split(':');
  return where.length === 0 ? volume : [relativePath(folder, source), ...where].join(':');
}

function relativeTo<Image extends Plan['image']>(folder: string, image: Image): Image {
  const relative = (file: string): string => relativePath(folder, file);
  if (image.kind === 'image' || image.kind === 'container') return image;
  if (image.kind === 'command') return { ...image, directory: relative(image.directory) };
  const { reference, dockerfile, context } = image;
  return {
    ...image,
    reference: relative(reference),
    dockerfile: relative(dockerfile),
    context: relative(context),
  };
}

function savedHook(hook: Plan['preStop']): Plan['preStop'] {
  return hook?.kind === 'http' ? { ...hook, path: savedPath(hook.path), headers: hideSome(hook.headers) } : hook;
}

/** The path of a request as it may be saved: without the values of parameters that carry credentials. */
export function savedPath(requestPath: string): string {
  return requestPath.replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}

function relativePath(folder: string, file: string): string {
  return path.isAbsolute(file) ? path.relative(folder, file) || '.' : file;
}

function hideSome(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return mapValues(headers, (value, name) => (SECRET_HEADER.test(name) ? HIDDEN : value));
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string, name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
