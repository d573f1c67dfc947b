import path from 'node:path';
import { CannotRunError } from '../../errors.ts';
import type { WithTarget } from '../image-source.ts';
import type { Missing } from '../plan.ts';
import { pairsAt } from './environment.ts';
import type { Variables } from './interpolate.ts';
import { isEmpty, isMap, type Spot, textAt, under } from './spot.ts';

type BuildOptions = Pick<WithTarget, 'target' | 'context' | 'buildArgs' | 'buildTarget'>;

/** A context that is fetched from somewhere: a repository, an archive. */
const REMOTE = /^(?:\w+:\/\/|git@|github\.com\/)/;
/** What our builders are not given. */
const NOT_PASSED_ON = ['additional_contexts', 'secrets', 'ssh', 'extra_hosts', 'network', 'entitlements', 'privileged'];

/**
 * How a service's image is built; null where it is not.
 * @throws CannotRunError for a context that is not on this machine, and for a Dockerfile within the file.
 */
export function buildOf(
  service: Spot,
  folder: string,
  variables: Variables,
): { readonly options: BuildOptions; readonly missing: readonly Missing[] } | null {
  const build = under(service, 'build');
  if (isEmpty(build)) return null;
  const isLong = isMap(build.value);
  const given = (isLong ? textAt(under(build, 'context'), 'a folder') : textAt(build, 'a folder, or a map')) ?? '.';
  refuse(build, given);
  const context = path.resolve(folder, given);
  const dockerfile = isLong ? textAt(under(build, 'dockerfile'), 'the path of a Dockerfile') : null;
  const buildTarget = isLong ? textAt(under(build, 'target'), 'a stage') : null;
  const unpassed = isLong ? NOT_PASSED_ON.filter((key) => !isEmpty(under(build, key))) : [];
  return {
    options: {
      target: shown(path.resolve(context, dockerfile ?? 'Dockerfile')),
      context,
      buildArgs: isLong ? pairsAt(under(build, 'args'), variables) : {},
      ...(buildTarget === null ? {} : { buildTarget }),
    },
    missing: unpassed.map((key) => ({ what: `\`build.${key}\``, flag: null })),
  };
}

function refuse(build: Spot, context: string): void {
  const isInline = !isEmpty(under(build, 'dockerfile_inline'));
  if (!isInline && !REMOTE.test(context)) return;
  const what = isInline ? 'a Dockerfile within the file (dockerfile_inline)' : `a context elsewhere, ${context}`;
  throw new CannotRunError(`${build.path} in ${build.file} has ${what}, which is not supported.`, {
    nextStep: 'Build it with `docker compose build`, and check the image: shutdown-check run IMAGE',
  });
}

/** As one would type it from here. */
function shown(file: string): string {
  const relative = path.relative('', file);
  return relative.startsWith('..') ? file : relative;
}
