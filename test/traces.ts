import { existsSync, readdirSync } from 'node:fs';

import { countsLikeTheKernel } from '../src/witness/kernel/tracefs.ts';

const INSTANCES = ['/sys/kernel/tracing/instances', '/sys/kernel/debug/tracing/instances'];

/** Whether this machine lets a program ask its kernel: with root, outside of containers, and with tracefs mounted. */
export function canTrace(): boolean {
  return process.getuid?.() === 0 && countsLikeTheKernel() && INSTANCES.some((folder) => existsSync(folder));
}

/** The traces that a process of this program's has made and not removed. */
export function tracesOfProcess(pid: number): readonly string[] {
  const folder = INSTANCES.find((one) => existsSync(one));
  if (folder === undefined) return [];
  return readdirSync(folder).filter((name) => name.startsWith(`shutdown-check-${pid}-`));
}
