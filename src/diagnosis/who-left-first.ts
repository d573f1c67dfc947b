import type { ProcessFacts } from '../engines/engine.ts';
import type { Observation } from '../observation.ts';
import { exitedAtMs, killedByTeardown } from '../kernel-record.ts';
import { drainSignalOf } from './known-software.ts';
import { diesOf, isSupervisor, programName, roleOf } from './processes.ts';

/** What is cut as a process ends is cut within so long: its end takes a while on a busy machine. */
const SOON_MS = 500;
/** What the kernel recorded and what the load saw may seem this far out of order. */
const CLOCKS_APART_MS = 10;

/**
 * Whether PID 1 ended first, and the kernel then killed what served; null where neither the kernel nor the tree tells.
 * Where PID 1 serves alone there is nobody for the kernel to kill.
 *
 * @param chain from PID 1 down to the app
 */
export function isTornDown(
  chain: readonly ProcessFacts[],
  workers: readonly ProcessFacts[],
  observation: Observation,
): boolean | null {
  const app = chain.at(-1);
  if (app === undefined) return null;
  const serving = app.isPid1 ? workers : [app, ...workers];
  const killed = serving.map(({ pid }) => killedByTeardown(observation, pid));
  return killed.includes(null)
    ? isTornDownByTheTree(chain, workers, observation.target.stopSignal)
    : killed.includes(true);
}

/**
 * Without the kernel's word. A shell in between that dies of the signal ends those above it one after the other, and
 * leaves the app to the kernel. An init and a supervisor go when their child has gone, and known software when its
 * workers have. Behind a shell that catches the signal, a wrapper that may wait, or any other primary with workers,
 * either may go first.
 */
function isTornDownByTheTree(
  chain: readonly ProcessFacts[],
  workers: readonly ProcessFacts[],
  stopSignal: string,
): boolean | null {
  const [pid1, ...below] = chain;
  // s6 ends everybody in an order of its own.
  if (pid1 && programName(pid1) === 's6-svscan') return null;
  if (below.slice(0, -1).some((one) => roleOf(one) === 'shell' && diesOf(one, stopSignal))) return true;
  const app = below.at(-1) ?? pid1;
  const isFirst = app === pid1 || (pid1 !== undefined && waitsForItsChild(pid1) && below.length === 1);
  const waitsForWorkers = app !== undefined && (workers.length === 0 || drainSignalOf(app) !== null);
  return isFirst && waitsForWorkers ? false : null;
}

/** Of a teardown: whether it is the app itself, a primary, that left before its workers. */
export function leftItsWorkers(app: ProcessFacts, observation: Observation): boolean {
  return app.isPid1 || killedByTeardown(observation, app.pid) === false;
}

function waitsForItsChild(process: ProcessFacts): boolean {
  return roleOf(process) === 'init' || isSupervisor(process);
}

/** Whether a request that was cut then was cut as one of these ended, by the kernel's record: PID 1 may live on for a while. */
export function endsWithOneOf(
  serving: readonly ProcessFacts[],
  observation: Observation,
  { endUs }: { readonly endUs: number },
): boolean {
  const atMs = (endUs - observation.t0Us) / 1000;
  return serving.some(({ pid }) => {
    const sinceMs = atMs - (exitedAtMs(observation, pid) ?? Infinity);
    return sinceMs >= -CLOCKS_APART_MS && sinceMs < SOON_MS;
  });
}
