import type { Owner } from '../../owner.ts';

/** Says which session made a container: a random id of one connection to an engine. */
export const RUN_LABEL = 'shutdown-check.run';
/** Says which process made a container, so that another run can tell whether anybody still looks after it. */
export const OWNER_LABEL = 'shutdown-check.owner';
/** Says which container another one stands beside. Podman does not remove one that others depend on. */
export const BESIDE_LABEL = 'shutdown-check.beside';

/** As a label carries it: `host/pid/started`. */
export function ownerLabel(owner: Owner): string {
  return `${owner.host}/${owner.pid}/${owner.started}`;
}

export function parseOwner(label: string): Owner | null {
  const match = /^([^/]+)\/(\d+)\/(\d*)$/.exec(label);
  return match === null ? null : { host: match[1] ?? '', pid: Number(match[2]), started: match[3] ?? '' };
}
