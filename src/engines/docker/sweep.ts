import type Dockerode from 'dockerode';
import { messageOf } from '../../errors.ts';
import { hasEnded } from '../../owner.ts';
import { engineSentence, statusOf } from './engine-error.ts';
import { BESIDE_LABEL, OWNER_LABEL, parseOwner, RUN_LABEL } from './owner-label.ts';

/**
 * Removes what a run of this program on this host left behind when neither it nor its watcher could: containers and
 * networks whose owner has ended. Never throws: it must not keep a run from starting.
 */
export async function removeOrphans(dockerode: Dockerode): Promise<void> {
  const containers = await listByLabel(dockerode, OWNER_LABEL).catch(() => []);
  await removeAll(dockerode, containers.filter(isOrphan));
  const networks = await networksByLabel(dockerode, OWNER_LABEL).catch(() => []);
  await removeNetworks(dockerode, networks.filter(isOrphan));
}

function isOrphan({ Labels }: { readonly Labels?: Readonly<Record<string, string>> | undefined }): boolean {
  const owner = parseOwner(Labels?.[OWNER_LABEL] ?? '');
  return owner !== null && hasEnded(owner);
}

/**
 * Removes every container that a session made, running or not, and then its networks; says how many containers there were.
 *
 * @throws Error where one cannot be removed, when all others are.
 */
export async function removeRun(dockerode: Dockerode, runId: string): Promise<number> {
  const containers = await listByLabel(dockerode, `${RUN_LABEL}=${runId}`);
  const removals = [
    ...(await removeAll(dockerode, containers)),
    ...(await removeNetworks(dockerode, await networksByLabel(dockerode, `${RUN_LABEL}=${runId}`))),
  ];
  const failed = removals.find((removal) => removal.status === 'rejected');
  if (failed !== undefined) throw new Error(`Something could not be removed: ${messageOf(failed.reason)}`);
  return containers.length;
}

/** Removes first what stands beside others. */
async function removeAll(
  dockerode: Dockerode,
  containers: readonly Dockerode.ContainerInfo[],
): Promise<readonly PromiseSettledResult<void>[]> {
  const isBeside = ({ Labels }: Dockerode.ContainerInfo): boolean => BESIDE_LABEL in Labels;
  const remove = (some: readonly Dockerode.ContainerInfo[]): Promise<readonly PromiseSettledResult<void>[]> =>
    Promise.allSettled(some.map(({ Id }) => removeContainer(dockerode, Id)));
  const beside = await remove(containers.filter(isBeside));
  return [...beside, ...(await remove(containers.filter((one) => !isBeside(one))))];
}

/** Removes a container and its anonymous volumes, whatever state it is in. One that is gone, or going, is fine. */
export async function removeContainer(dockerode: Dockerode, id: string): Promise<void> {
  try {
    await dockerode.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    const going = statusOf(error) === 409 && /removal of container .* in progress/i.test(engineSentence(error));
    if (statusOf(error) !== 404 && !going) throw error;
  }
}

function removeNetworks(
  dockerode: Dockerode,
  networks: readonly Dockerode.NetworkInspectInfo[],
): Promise<readonly PromiseSettledResult<void>[]> {
  return Promise.allSettled(networks.map(({ Id }) => removeNetwork(dockerode, Id)));
}

/** Removes a network that no container is on any more. One that is gone is fine. */
export async function removeNetwork(dockerode: Dockerode, id: string): Promise<void> {
  try {
    await dockerode.getNetwork(id).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

function networksByLabel(dockerode: Dockerode, label: string): Promise<Dockerode.NetworkInspectInfo[]> {
  return dockerode.listNetworks({ filters: { label: [label] } });
}

function listByLabel(dockerode: Dockerode, label: string): Promise<Dockerode.ContainerInfo[]> {
  return dockerode.listContainers({ all: true, filters: { label: [label] } });
}
