import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { shownPath } from '../image/shown-path.ts';
import { filesOf } from '../lint/context.ts';
import { followLaunch } from '../lint/launch.ts';
import { resolveDockerfile } from '../plan/image-source.ts';
import type { ExecOptions } from '../plan/options.ts';
import type { Scenario } from '../scenarios.ts';
import { asCommand, type Sample } from './as-command.ts';
import { lookForPrograms } from './installed.ts';
import { programsOf } from './programs.ts';

/** How a scenario runs without an engine, or why it does not; `because` is a clause of its own. */
export type WithoutEngine =
  | { readonly kind: 'command'; readonly options: ExecOptions }
  /** Its point is an image. */
  | { readonly kind: 'image'; readonly because: string }
  /** This machine does not have what its image has. */
  | { readonly kind: 'missing'; readonly because: string };

/** A scenario, and how it runs without an engine. */
export interface Sorted {
  readonly scenario: Scenario;
  readonly how: WithoutEngine;
}

/**
 * Tells which scenarios are about a command line rather than an image, and can run on this machine as they are.
 * @throws CannotRunError where the Dockerfile of one cannot be found, or is none.
 */
export async function sortOut(scenarios: readonly Scenario[]): Promise<readonly Sorted[]> {
  const whyNotHere = lookForPrograms();
  return await Promise.all(
    scenarios.map(async (scenario) => ({ scenario, how: await howWithoutEngine(scenario, whyNotHere) })),
  );
}

async function howWithoutEngine(
  { options, rollout }: Scenario,
  whyNotHere: ReturnType<typeof lookForPrograms>,
): Promise<WithoutEngine> {
  if (rollout) return { kind: 'image', because: 'it is a roll-out of containers' };
  if (options.image) return { kind: 'image', because: 'its target is an image' };
  if (options.target === undefined) return { kind: 'image', because: 'a manifest says how it is run' };
  const sample = await readSample(options.target);
  const read = asCommand(options, sample);
  if (read.kind === 'image') return read;
  const steps = await followLaunch(read.image, filesOf(read.image, shownPath(sample.folder)));
  const programs = programsOf(steps, read.adds, options.init ?? false);
  const missing = (await Promise.all(programs.map(whyNotHere))).find((because) => because !== null);
  return missing === undefined ? { kind: 'command', options: read.options } : { kind: 'missing', because: missing };
}

async function readSample(target: string): Promise<Sample> {
  const { dockerfile } = await resolveDockerfile({ target });
  const folder = path.dirname(dockerfile);
  const [text, entries] = await Promise.all([readFile(dockerfile, 'utf8'), readdir(folder, { withFileTypes: true })]);
  return { dockerfile: text, folder, files: entries.filter((entry) => entry.isFile()).map(({ name }) => name) };
}
