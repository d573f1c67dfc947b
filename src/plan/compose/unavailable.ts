import { CannotRunError } from '../../errors.ts';
import type { Missing } from '../plan.ts';
import { isEmpty, type Spot, under } from './spot.ts';

/** What changes how an app runs, and a container of ours is not given. */
const UNAVAILABLE = [
  'cap_add',
  'cap_drop',
  'devices',
  'dns',
  'external_links',
  'extra_hosts',
  'gpus',
  'group_add',
  'hostname',
  'ipc',
  'models',
  'pid',
  'pids_limit',
  'post_start',
  'pre_start',
  'pre_stop',
  'privileged',
  'provider',
  'read_only',
  'runtime',
  'security_opt',
  'shm_size',
  'sysctls',
  'ulimits',
  'userns_mode',
  'volumes_from',
] as const;

/** What a service asks for that its container has not here. */
export function unavailableIn(service: Spot): readonly Missing[] {
  return UNAVAILABLE.filter((key) => isAsked(under(service, key))).map((key) => ({ what: `\`${key}\``, flag: null }));
}

function isAsked(spot: Spot): boolean {
  const isNone = spot.value === false || spot.value === '' || (Array.isArray(spot.value) && spot.value.length === 0);
  return !isEmpty(spot) && !isNone;
}

/**
 * A service that is put together from several places takes compose itself to put it together.
 * @throws CannotRunError that says how.
 */
export function refuseElsewhere(service: Spot): void {
  if (!isEmpty(under(service, 'extends')))
    throw new CannotRunError(
      `${service.path} in ${service.file} extends another service, which only compose can read.`,
      {
        nextStep: throughCompose(service.file),
      },
    );
}

/** How to have compose itself put a file together. */
export function throughCompose(file: string): string {
  return `Install the compose plugin of the docker CLI, or write the file out where it is: docker compose -f ${file} config > flat.yaml`;
}
