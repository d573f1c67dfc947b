import { Child, resultOf } from './child.ts';
import type { Job, Reported } from './jobs.ts';

/** `Omit` for each member of a union. */
type WithoutPort<T> = T extends unknown ? Omit<T, 'port'> : never;
export type JobOn = WithoutPort<Job>;

/** What a server saw and spent while a client was measured on it. */
export interface Served {
  readonly measured: Reported;
  /** Arrivals in each 10 ms from the first one on. */
  readonly arrivals: readonly number[];
  /** Processor time of the client and the server, from their start on. */
  readonly ownCpuMs: number;
}

/** Measures a client on a server of its own. */
export async function onServer(measure: (port: number) => Promise<Reported>): Promise<Served> {
  await using server = new Child('server', 'server');
  const port = await server.next<number>();
  const measured = await measure(port);
  const { arrivals, cpuMs } = await server.ask<{ arrivals: readonly number[]; cpuMs: number }>('report');
  return { measured, arrivals, ownCpuMs: measured.totalCpuMs + cpuMs };
}

/** One of the clients that run in a Node process of their own. */
export async function measureJob(port: number, job: JobOn): Promise<Reported> {
  return await resultOf<Reported>('client', 'client', { ...job, port });
}
