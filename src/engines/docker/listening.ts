import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { splitFrames } from './frames.ts';
import { tcpTables } from '../proc/read-tables.ts';
import { hostProc } from './host-proc.ts';
import { reachablePorts } from '../proc/tcp-tables.ts';

const EXEC_MS = 5_000;

/**
 * TCP ports that something in the container listens on for others than itself, ascending. Never throws.
 *
 * @returns null where that cannot be told: no shell-free way in, or the host's own network, which is everybody's
 */
export async function listeningPorts(
  container: Dockerode.Container,
  started: Dockerode.ContainerInspectInfo,
): Promise<readonly number[] | null> {
  if (started.HostConfig.NetworkMode === 'host') return null;
  const tables = (await readFromHost(started)) ?? (await readFromInside(container));
  return tables === null ? null : reachablePorts(tables);
}

/** The kernel's tables through /proc, where the engine runs on this very machine. */
async function readFromHost(started: Dockerode.ContainerInspectInfo): Promise<string | null> {
  const proc = await hostProc(started);
  return proc === null ? null : await tcpTables(proc).catch(() => null);
}

/** The same tables by the image's own `cat`, where it has one. */
async function readFromInside(container: Dockerode.Container): Promise<string | null> {
  try {
    const exec = await container.exec({
      Cmd: ['cat', '/proc/net/tcp', '/proc/net/tcp6'],
      AttachStdout: true,
      AttachStderr: true,
    });
    const output = await textOf(await exec.start({}));
    return output.includes('local_address') ? output : null;
  } catch {
    return null;
  }
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  const feed = splitFrames((from, bytes) => {
    if (from === 'stdout') parts.push(bytes);
  });
  const timer = setTimeout(() => stream.destroy(), EXEC_MS);
  try {
    for await (const chunk of stream) feed(chunk as Buffer);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(parts).toString('utf8');
}
