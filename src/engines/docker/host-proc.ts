import { type FileHandle, open, readFile } from 'node:fs/promises';
import type Dockerode from 'dockerode';

/** One read of these tables gives at most a page; one that leaves room for more lines has come to their end. */
const PAGE_BYTES = 4_096;
const LINE_BYTES = 256;

/** The folder of a container's PID 1 in this machine's /proc; null where it runs under another kernel than we do. */
export async function hostProc({ Id, State }: Dockerode.ContainerInspectInfo): Promise<string | null> {
  // The number alone could belong to a process of this machine that has nothing to do with a remote engine's.
  return State.Pid > 0 && (await isOf(Id, State.Pid)) ? `/proc/${State.Pid}` : null;
}

/** Whether a process of this machine belongs to the container, by its control group, which anybody may read. */
export async function isOf(containerId: string, pid: number): Promise<boolean> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return groups.includes(containerId);
}

/** The number that this machine's kernel gives a container's PID 1; null where it runs under another, or is no PID 1. */
export async function kernelPid1(started: Dockerode.ContainerInspectInfo): Promise<number | null> {
  const proc = await hostProc(started);
  if (proc === null) return null;
  const status = await readFile(`${proc}/status`, 'utf8').catch(() => '');
  return /^NSpid:.*\t1$/m.test(status) ? started.State.Pid : null;
}

/**
 * /proc/net/tcp and tcp6 as a process sees them, in one text.
 *
 * @throws Error where the process has ended
 */
export async function tcpTables(proc: string): Promise<string> {
  const [tcp, tcp6] = await Promise.all([
    readTable(`${proc}/net/tcp`),
    // A kernel without IPv6 has none.
    readTable(`${proc}/net/tcp6`).catch(() => ''),
  ]);
  return tcp + tcp6;
}

/** Every read, the last and empty one too, walks the whole machine's connections, which takes milliseconds: spare it. */
async function readTable(file: string): Promise<string> {
  const handle: FileHandle = await open(file);
  try {
    const parts: Buffer[] = [];
    const buffer = Buffer.alloc(16 * PAGE_BYTES);
    for (let bytes = PAGE_BYTES; bytes > PAGE_BYTES - LINE_BYTES;) {
      bytes = (await handle.read(buffer, 0, buffer.length, null)).bytesRead;
      parts.push(Buffer.from(buffer.subarray(0, bytes)));
    }
    return Buffer.concat(parts).toString('latin1');
  } finally {
    await handle.close();
  }
}
