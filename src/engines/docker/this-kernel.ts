import { readFile } from 'node:fs/promises';
import type Dockerode from 'dockerode';

/**
 * The `/proc` folder of a container's first process, where the engine runs on this very machine; else null. The number
 * alone could belong to a process of this machine that has nothing to do with a remote engine's.
 */
export async function procOf({ Id, State }: Dockerode.ContainerInspectInfo): Promise<string | null> {
  const proc = `/proc/${State.Pid}`;
  const cgroup = await readFile(`${proc}/cgroup`, 'utf8').catch(() => '');
  return cgroup.includes(Id) ? proc : null;
}

/** The number that this machine's kernel gives a container's PID 1; null where it runs under another, or is no PID 1. */
export async function kernelPid1(started: Dockerode.ContainerInspectInfo): Promise<number | null> {
  const proc = await procOf(started);
  if (proc === null) return null;
  const status = await readFile(`${proc}/status`, 'utf8').catch(() => '');
  return /^NSpid:.*\t1$/m.test(status) ? started.State.Pid : null;
}
