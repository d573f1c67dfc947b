import type Dockerode from 'dockerode';
import type { SocketTable } from '../engine.ts';
import { tcpTables } from '../proc/read-tables.ts';
import { hostProc } from './host-proc.ts';
import { socketTable } from '../proc/tcp-tables.ts';

/**
 * A reader of the container's TCP sockets that costs the container nothing: the kernel's tables, read from outside. The
 * reading is null where that cannot be done, or the container has ended.
 */
export function socketReader(started: Dockerode.ContainerInspectInfo): () => Promise<SocketTable | null> {
  if (!hasOwnNetwork(started)) return () => Promise.resolve(null);
  let proc: Promise<string | null> | null = null;
  return async () => {
    const folder = await (proc ??= hostProc(started));
    if (folder === null) return null;
    return await tcpTables(folder).then(socketTable, () => null);
  };
}

/** In a network that it shares, other people's sockets could not be told from its own. */
function hasOwnNetwork({ HostConfig }: Dockerode.ContainerInspectInfo): boolean {
  return !/^(host$|container:)/.test(HostConfig.NetworkMode ?? '');
}
