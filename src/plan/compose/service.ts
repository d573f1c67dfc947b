import type { FilledIn } from '../filled-in.ts';
import type { FromFile } from '../from-file.ts';
import type { WithTarget } from '../image-source.ts';
import type { Missing } from '../plan.ts';
import { buildOf } from './build.ts';
import type { ComposeFile } from './compose-file.ts';
import { containerOf } from './container.ts';
import { environmentOf } from './environment.ts';
import { interpolated, type Variables } from './interpolate.ts';
import { mountsOf } from './mounts.ts';
import { portsOf } from './ports.ts';
import { isEmpty, type Spot, textAt, under, wrong } from './spot.ts';
import { refuseElsewhere, unavailableIn } from './unavailable.ts';

/** How a service is run, as far as its file says. */
export interface Service extends FromFile {
  readonly options: WithTarget;
  /** The TCP ports that it names, ascending. */
  readonly ports: readonly number[];
}

/**
 * Reads one service of a file.
 * @throws CannotRunError for what the file cannot say, and for what it says elsewhere.
 */
export async function readService(composeFile: ComposeFile, name: string): Promise<Service> {
  const unset = new Set<string>();
  const variables: Variables = { get: composeFile.variable, onUnset: (variable) => unset.add(variable) };
  const service = serviceSpot(composeFile, name, variables);
  const { folder, root } = composeFile;
  const source = sourceOf(service, folder, variables);
  const mounts = mountsOf(service, root, folder, variables);
  const ports = portsOf(service);
  const env = await environmentOf(service, folder, variables);
  return {
    options: {
      ...containerOf(service),
      ...source.options,
      env,
      volumes: mounts.volumes,
      ...(ports.length === 1 && ports[0] !== undefined ? { port: ports[0] } : {}),
    },
    missing: [...unsetVariables([...unset]), ...source.missing, ...mounts.missing, ...unavailableIn(service)],
    ports,
    filledIn: filledInto(composeFile, name),
  };
}

/** The values of the file's variables in those words of a service that are saved. */
function filledInto({ written, variable }: ComposeFile, name: string): FilledIn {
  const values: Record<string, string> = {};
  const get = (one: string): string | undefined => {
    const value = variable(one);
    if (value !== undefined) values[one] = value;
    return value;
  };
  const spot = under(under(written, 'services'), name);
  for (const key of ['entrypoint', 'command', 'healthcheck']) interpolated(under(spot, key), quietly({ get }));
  return values;
}

/** What the file says of a service, with its variables filled in. */
export function serviceSpot({ root }: ComposeFile, name: string, variables: Variables): Spot {
  const spot = under(under(root, 'services'), name);
  refuseElsewhere(spot);
  return interpolated(spot, variables);
}

/** What others need is not this service's to tell of. */
export function quietly({ get }: Pick<Variables, 'get'>): Variables {
  return { get, onUnset: () => {} };
}

function unsetVariables(names: readonly string[]): readonly Missing[] {
  const [first, ...others] = names;
  if (first === undefined) return [];
  const more = names.length - SHOWN_NAMES;
  const shown = names.slice(0, SHOWN_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const what =
    others.length === 0
      ? `a value for its variable ${shown}, which is empty here`
      : `values for its variables ${shown}, which are empty here`;
  return [{ what, flag: `${first}=... in .env` }];
}

/** The first few of many are told. */
const SHOWN_NAMES = 5;

interface Source {
  readonly options: WithTarget;
  readonly missing: readonly Missing[];
}

/** Where there are both, it is built: the image is only what that is called. */
function sourceOf(service: Spot, folder: string, variables: Variables): Source {
  const pull = pullAt(under(service, 'pull_policy'));
  const build = buildOf(service, folder, variables);
  if (build !== null) return { ...build, options: { ...build.options, ...(pull === 'always' ? { pull } : {}) } };
  const image = under(service, 'image');
  if (isEmpty(image)) throw wrong(service, 'an `image` or a `build`');
  const target = textAt(image, 'the name of an image') ?? '';
  return { options: { target, image: true, ...(pull === null ? {} : { pull }) }, missing: [] };
}

function pullAt(spot: Spot): 'always' | 'missing' | 'never' | null {
  const policy = textAt(spot);
  if (policy === 'if_not_present') return 'missing';
  return policy === 'always' || policy === 'missing' || policy === 'never' ? policy : null;
}
