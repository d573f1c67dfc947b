import type Dockerode from 'dockerode';
import type { ProcessFacts, ProcessReading, SignalMasks } from '../engine.ts';

/** The engine hands its `ps` these; the last column takes the rest of the line. Its host's `ps` may know fewer. */
const COLUMNS = ['pid,ppid,caught,ignored,blocked,stat,args', 'pid,ppid,args'] as const;

/**
 * The container's processes as the engine's host sees them. Never throws.
 *
 * @param pid1 the host's number of the container's PID 1
 * @returns null where the engine cannot tell, or the container is not running
 */
export async function readProcesses(container: Dockerode.Container, pid1: number): Promise<ProcessReading | null> {
  for (const columns of COLUMNS) {
    const table = await top(container, columns);
    if (table !== null) return { by: 'engine', processes: table.map((row) => processOf(columns, row, pid1)) };
  }
  return null;
}

async function top(container: Dockerode.Container, columns: string): Promise<readonly string[][] | null> {
  try {
    const { Processes } = (await container.top({ ps_args: `-o ${columns}` })) as { Processes: string[][] | null };
    // A `ps` that takes no columns of ours gives its own: better none than wrong ones.
    return Processes?.every((row) => row.length === columns.split(',').length) ? Processes : null;
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
    masks: masksOf(cell),
  };
}

/** `ps` puts a `<` before a mask that it had to shorten: the signals of interest are in the part that is left. */
function masksOf(cell: Readonly<Record<string, string>>): SignalMasks | null {
  const [caught, ignored, blocked] = ['caught', 'ignored', 'blocked'].map(
    (name) => cell[name]?.replace(/^<|>$/g, '') ?? '',
  );
  const isMask = (text: string | undefined): text is string => /^[0-9a-f]+$/i.test(text ?? '');
  return isMask(caught) && isMask(ignored) && isMask(blocked) ? { caught, ignored, blocked } : null;
}
