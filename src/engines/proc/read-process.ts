import { readFile } from 'node:fs/promises';
import type { ProcessFacts } from '../engine.ts';
import { processFrom } from './status.ts';

/** A process of this machine, by its number; null where it has ended. Never throws. */
export async function readProcess(pid: number, pid1: number): Promise<ProcessFacts | null> {
  const [status, cmdline] = await Promise.all(
    ['status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  return processFrom(status ?? '', cmdline ?? '', pid1);
}
