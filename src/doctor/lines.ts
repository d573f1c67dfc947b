import { LEAST } from '../load/sockets.ts';
import type { DoctorLine } from './line.ts';
import type { Machine } from './machine.ts';
import { addressLine, clockLine, engineLine, registryLine } from './words/engine.ts';
import { kernelLine, processesLine } from './words/evidence.ts';
import { balancerLine, builderLine, commandsLine, composeLine, initLine } from './words/programs.ts';
import { filesLine, nodeLine } from './words/this-process.ts';

const LINES = [
  engineLine,
  addressLine,
  processesLine,
  kernelLine,
  builderLine,
  composeLine,
  registryLine,
  clockLine,
  commandsLine,
  initLine,
  balancerLine,
  nodeLine,
  filesLine,
] as const;

/** What a machine has for a check, in words. Pure. */
export function linesOf(machine: Machine): readonly DoctorLine[] {
  return LINES.map((line) => line(machine));
}

/** Whether images can be checked here, and commands. Pure. */
export function canOf({ engine, namespaces, node, files }: Machine): { readonly run: boolean; readonly exec: boolean } {
  const isAble = node.isNewEnough && (files.connections === null || files.connections >= LEAST);
  return { run: isAble && engine.kind === 'answers', exec: isAble && namespaces.kind === 'can' };
}
