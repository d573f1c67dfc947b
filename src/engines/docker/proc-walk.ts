import { readdir } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import type { ProcessFacts } from '../engine.ts';
import { hostProc, isOf } from './host-proc.ts';
import { readProcess } from '../proc/read-process.ts';

/**
 * The container's processes out of this machine's /proc, started in it later too; nobody's rights are needed. Never throws.
 *
 * @returns null where the container runs under another kernel, or not at all
 */
export async function walkProc(started: Dockerode.ContainerInspectInfo): Promise<readonly ProcessFacts[] | null> {
  if ((await hostProc(started)) === null) return null;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map((pid) => readOwn(started, pid)));
  return all.filter((process) => process !== null).toSorted((a, b) => a.pid - b.pid);
}

/** Null for one that is not the container's, or that has ended since it was listed. */
async function readOwn({ Id, State }: Dockerode.ContainerInspectInfo, pid: number): Promise<ProcessFacts | null> {
  return (await isOf(Id, pid)) ? await readProcess(pid, State.Pid) : null;
}
