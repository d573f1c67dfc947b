import { readFile } from 'node:fs/promises';
import type Dockerode from 'dockerode';

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
