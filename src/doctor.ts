import { lookAtAddress } from './doctor/address.ts';
import { bounded } from './doctor/bounded.ts';
import { lookAtBuilder } from './doctor/builder.ts';
import { lookAtEngine } from './doctor/engine.ts';
import { lookAtKernel } from './doctor/kernel.ts';
import type { DoctorLine } from './doctor/line.ts';
import { canOf, linesOf } from './doctor/lines.ts';
import type { Machine } from './doctor/machine.ts';
import { lookAtProcesses } from './doctor/processes.ts';
import { lookAtNamespaces, lookAtPrograms } from './doctor/programs.ts';
import { lookAtRegistry } from './doctor/registry.ts';
import { lookAtFiles, lookAtNode } from './doctor/this-process.ts';
import { TOOL } from './tool.ts';

/** Several programs one after the other, of which none waits for anything. */
const NAMESPACES_MS = 15_000;

/** What a machine has for a check, as it is saved. */
export interface DoctorResult {
  readonly schemaVersion: 1;
  readonly tool: typeof TOOL;
  /** Whether an image can be checked here (`run`), and a command (`exec`). */
  readonly can: { readonly run: boolean; readonly exec: boolean };
  /** In words: what was found, what is missing, what that costs and how to get it. */
  readonly lines: readonly DoctorLine[];
  /** The facts behind the words. */
  readonly machine: Machine;
}

/**
 * Looks at what this machine has for a check. Nothing is started, built or pulled; everything is asked side by side, and
 * nothing is waited for longer than a few seconds. Never throws for what it finds.
 */
export async function doctor(): Promise<DoctorResult> {
  const machine = await lookAround();
  return { schemaVersion: 1, tool: TOOL, can: canOf(machine), lines: linesOf(machine), machine };
}

async function lookAround(): Promise<Machine> {
  const [ofEngine, kernel, builder, namespaces, programs] = await Promise.all([
    lookAtEngine().then(aroundEngine),
    lookAtKernel(),
    lookAtBuilder(),
    bounded(lookAtNamespaces(), NAMESPACES_MS),
    lookAtPrograms(),
  ]);
  const { engineInit, ...engine } = ofEngine;
  const here = { platform: process.platform, node: lookAtNode(), files: lookAtFiles() };
  return { ...here, ...engine, kernel, builder, namespaces, programs: { ...programs, engineInit } };
}

type OfEngine = Pick<Machine, 'engine' | 'address' | 'processes' | 'registry' | 'clock'> & {
  readonly engineInit: string | null;
};

/** What only an engine can tell. */
async function aroundEngine(engine: Awaited<ReturnType<typeof lookAtEngine>>): Promise<OfEngine> {
  if ('kind' in engine)
    return { engine, address: null, processes: null, registry: null, clock: null, engineInit: null };
  const [address, processes, registry] = await Promise.all([
    bounded(lookAtAddress(engine)),
    bounded(lookAtProcesses(engine)),
    lookAtRegistry(engine.met.dockerode, engine.index),
  ]);
  return { engine: engine.facts, address, processes, registry, clock: engine.clock, engineInit: engine.init };
}
