import { connect } from 'node:net';
import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import type { TargetAddress } from '../engine.ts';
import { isRemote } from './address.ts';
import type { DockerConnection } from './connection.ts';

const PROBE_MS = 300;

/**
 * Where a container's port is reached from here: on the container's own address where something answers or refuses
 * there, else on the published port. Behind that one the engine's proxy hides who refused.
 *
 * @throws CannotRunError where there is neither.
 */
export async function addressOf(
  connection: DockerConnection,
  container: Dockerode.Container,
  port: number,
): Promise<TargetAddress> {
  const inspected = await container.inspect();
  const owner = await networkOwner(connection.dockerode, inspected);
  const own = isRemote(connection.address) ? null : ownAddress(owner);
  if (own !== null && (await answers(own, port))) return { host: own, port, via: 'container' };
  const published = owner.NetworkSettings.Ports?.[`${port}/tcp`]?.[0]?.HostPort;
  if (published) return { host: connection.host, port: Number(published), via: 'published-port' };
  throw new CannotRunError(`Port ${port} of the container cannot be reached from here.`, {
    nextStep: `Its network is "${inspected.HostConfig.NetworkMode ?? 'default'}"; start it without --network or with its port published, or run this on the engine's host.`,
  });
}

/** The container itself, or the one whose network it shares: that one has its address, and its published ports. */
async function networkOwner(
  dockerode: Dockerode,
  inspected: Dockerode.ContainerInspectInfo,
): Promise<Dockerode.ContainerInspectInfo> {
  const lender = /^container:(.+)$/.exec(inspected.HostConfig.NetworkMode ?? '')?.[1];
  return lender === undefined ? inspected : await dockerode.getContainer(lender).inspect();
}

function ownAddress(owner: Dockerode.ContainerInspectInfo): string | null {
  if (owner.HostConfig.NetworkMode === 'host') return '127.0.0.1';
  return Object.values(owner.NetworkSettings.Networks).find(({ IPAddress }) => IPAddress)?.IPAddress ?? null;
}

/**
 * Whether a connection is accepted, or refused at once. A refusal only counts on Linux: elsewhere the engine runs in
 * a virtual machine, and what refuses may be a stranger of the same address in the local network.
 */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    // On a busy machine the answer may have come, and we not have looked: look once more first.
    socket.setTimeout(PROBE_MS, () => setImmediate(() => settle(false)));
    socket.once('connect', () => settle(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ECONNREFUSED' && process.platform === 'linux'),
    );
  });
}
