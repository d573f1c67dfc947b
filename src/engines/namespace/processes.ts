import { readdir, readFile } from 'node:fs/promises';
import type { ProcessFacts, ProcessReading } from '../engine.ts';
import { processFrom } from '../proc/status.ts';

/**
 * The processes of a PID namespace out of /proc: its first one and all that descend from it, which in there all do. Never
 * throws.
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

/** The command in field 2 of proc(5)'s stat may hold blanks and brackets: count from the last closing one. */
async function parentOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.split(') ').at(-1)?.split(' ')[1]) || undefined;
}

async function readProcess(pid: number, pid1: number): Promise<ProcessFacts | null> {
  const [status, cmdline] = await Promise.all(
    ['status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  return processFrom(status ?? '', cmdline ?? '', pid1);
}
