import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { nameOf } from '../engines/docker/find-running.ts';
import { top, WITH_MASKS } from '../engines/docker/top.ts';
import { findProgram } from '../engines/namespace/programs.ts';
import { LIMIT_MS } from './bounded.ts';
import type { KnownEngine } from './engine.ts';
import type { ProcessFacts } from './machine.ts';

/**
 * How a container's processes would be read: by asking for those of one that runs; where none does, by the `ps` of this
 * machine, if it is the engine's. Never throws.
 */
export async function lookAtProcesses({ met, facts: { isHere } }: KnownEngine): Promise<ProcessFacts> {
  const [running] = await met.dockerode.listContainers().catch(() => []);
  if (running !== undefined) {
    const seen = await top(met.dockerode.getContainer(running.Id), WITH_MASKS, 0);
    const container = nameOf({ Name: running.Names[0] ?? running.Id.slice(0, 12) });
    // One that has just ended has no processes, and says nothing of `ps`.
    if (seen !== null || !isHere)
      return { kind: 'asked', container, masks: seen?.some(({ masks }) => masks !== null) ?? false, isHere };
  }
  if (!isHere) return { kind: 'elsewhere' };
  return { kind: 'here', ps: await psVersion(), masks: await showsMasks() };
}

async function showsMasks(): Promise<boolean> {
  const { exitCode, output } = await ps(['-o', WITH_MASKS, '-p', String(process.pid)]);
  return exitCode === 0 && /^\s*\d+\s+\d+\s+[0-9a-f]{8,}\s/m.test(output);
}

/** The first line of what it says; busybox's has no such option, and names itself all the same. */
async function psVersion(): Promise<string | null> {
  if (findProgram('ps', process.env, '/').kind !== 'found') return null;
  const { output } = await ps(['--version']);
  return /procps\S*(?: version)? [\d.]+|BusyBox v[\d.]+/i.exec(output)?.[0] ?? 'unknown';
}

async function ps(args: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
  return await promisify(execFile)('ps', [...args], { timeout: LIMIT_MS }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
      return { exitCode: 1, output: stdout + stderr };
    },
  );
}
