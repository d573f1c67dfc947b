import { readdir, readFile } from 'node:fs/promises';
import type { ProcessReading } from '../engine.ts';
import { readProcess } from '../proc/read-process.ts';
import { statFields } from '../proc/stat.ts';

/**
 * The processes of a PID namespace out of /proc: its first one and all that descend from it, which in there all do but for
 * what is run beside it. Never throws.
 *
 * @returns null where it has ended
 */
export async function readProcesses(pid1: number): Promise<ProcessReading | null> {
  const pids = await descendants(pid1);
  const processes = (await Promise.all(pids.map((pid) => readProcess(pid, pid1)))).filter((one) => one !== null);
  return processes.length === 0 ? null : { by: 'proc', processes: processes.toSorted((a, b) => a.pid - b.pid) };
}

/** The number of a process and of all that descend from it. */
export async function descendants(root: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(parentOf));
  const children = Map.groupBy(pids.keys(), (at) => parents[at]);
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []).map((at) => pids[at] ?? 0));
  return found;
}

async function parentOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(statFields(stat)[1]) || undefined;
}
