import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { splitFrames } from './frames.ts';
import { procOf } from './this-kernel.ts';

/** The kernel's TCP_LISTEN, as /proc/net/tcp prints it (include/net/tcp_states.h). */
const LISTEN = '0A';
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
  return tables === null ? null : portsOf(tables);
}

/** The kernel's tables through /proc, where the engine runs on this very machine. */
async function readFromHost(started: Dockerode.ContainerInspectInfo): Promise<string | null> {
  const proc = await procOf(started);
  if (proc === null) return null;
  try {
    const [tcp, tcp6] = await Promise.all([
      readFile(`${proc}/net/tcp`, 'utf8'),
      readFile(`${proc}/net/tcp6`, 'utf8').catch(() => ''),
    ]);
    return tcp + tcp6;
  } catch {
    return null;
  }
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

function portsOf(tables: string): readonly number[] {
  const ports = new Set<number>();
  for (const line of tables.split('\n')) {
    const [, local, , state] = line.trim().split(/\s+/);
    const [address, port] = local?.split(':') ?? [];
    if (state !== LISTEN || address === undefined || port === undefined || isLoopback(address)) continue;
    ports.add(Number.parseInt(port, 16));
  }
  return [...ports].sort((a, b) => a - b);
}

/** Addresses are 32-bit words in the machine's own order: 127.0.0.1 is `0100007F`, and its last byte the first. */
function isLoopback(address: string): boolean {
  return (
    /^.{6}7F$/.test(address) || address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(address)
  );
}
