import { availableParallelism, cpus } from 'node:os';

/** A measurement beside which others used more than this much of the machine was disturbed. */
const MAX_OTHER_CORES = 0.25;
/** So many disturbed measurements are made again in all; afterwards they are taken as they come. */
const MAX_AGAIN = 12;

let made = 0;
let disturbed = 0;
let again = 0;

/** What the processor spent beside the measured processes makes a comparison unfair; such a measurement is made again. */
export async function undisturbed<T extends { readonly ownCpuMs: number }>(measure: () => Promise<T>): Promise<T> {
  for (;;) {
    const startMs = performance.now();
    const before = busyMs();
    const measured = await measure();
    const otherMs = busyMs() - before - measured.ownCpuMs;
    made++;
    if (otherMs / (performance.now() - startMs) <= MAX_OTHER_CORES) return measured;
    if (again >= MAX_AGAIN) {
      disturbed++;
      return measured;
    }
    again++;
  }
}

/** How quiet the machine was, for the report. */
export function quietness(): string {
  return (
    `${made} measurements; ${again} were made again because other processes used more than ${MAX_OTHER_CORES} of ` +
    `${availableParallelism()} cores beside them, and ${disturbed} were kept although they did.`
  );
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
