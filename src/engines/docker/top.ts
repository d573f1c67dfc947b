import type Dockerode from 'dockerode';
import type { ProcessFacts } from '../engine.ts';
import { masksOf } from '../proc/status.ts';

/** The engine hands its `ps` these; the last column takes the rest of the line. Its host's `ps` may know fewer. */
export const WITH_MASKS = 'pid,ppid,caught,ignored,blocked,stat,args';
export const WITHOUT_MASKS = 'pid,ppid,args';

/**
 * The container's processes as the engine's host sees them. Never throws.
 *
 * @param pid1 the host's number of the container's PID 1
 * @returns null where the engine cannot tell, or the container is not running
 */
export async function top(
  container: Dockerode.Container,
  columns: typeof WITH_MASKS | typeof WITHOUT_MASKS,
  pid1: number,
): Promise<readonly ProcessFacts[] | null> {
  try {
    const { Processes } = (await container.top({ ps_args: `-o ${columns}` })) as { Processes: string[][] | null };
    // A `ps` that takes no columns of ours gives its own: better none than wrong ones.
    const isOurs = Processes?.every((row) => row.length === columns.split(',').length) ?? false;
    return isOurs ? (Processes?.map((row) => processOf(columns, row, pid1)) ?? null) : null;
  } catch {
    return null;
  }
}

function processOf(columns: string, row: readonly string[], pid1: number): ProcessFacts {
  const cell = Object.fromEntries(columns.split(',').map((name, at) => [name, row[at] ?? '']));
  const pid = Number(cell['pid']);
  return {
    pid,
    ppid: Number(cell['ppid']),
    isPid1: pid === pid1,
    command: cell['args'] ?? '',
    state: cell['stat'] ?? null,
    masks: masksOf(cell['caught'] ?? '', cell['ignored'] ?? '', cell['blocked'] ?? ''),
  };
}
