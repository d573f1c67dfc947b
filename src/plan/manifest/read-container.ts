import type { FromFile } from '../from-file.ts';
import type { RunOptions } from '../options.ts';
import { RANGES } from '../ranges.ts';
import type { Around } from './around.ts';
import { readEnv } from './env.ts';
import { at, type Field, isThere, numberOf, textOf } from './field.ts';
import { readLimits } from './limits.ts';
import { readPreStop } from './pre-stop.ts';
import { readReadiness } from './probes.ts';
import { readProcess } from './process.ts';
import { readVolumes } from './volumes.ts';

/**
 * All that a manifest says of how one container is run and stopped.
 * @throws CannotRunError that names file, line and field of what Kubernetes would not take either.
 */
export function readContainer(around: Around): FromFile {
  const { container, given } = around;
  const { field, workload } = container;
  const { env, missing, secret } = readEnv(around);
  const filledIn: Record<string, string> = {};
  const valueOf = (name: string): string | undefined => {
    const value = given.env?.[name] ?? env[name];
    if (value !== undefined && secret.has(name)) filledIn[name] = value;
    return value;
  };
  const variables: FromFile = { options: Object.keys(env).length === 0 ? {} : { env }, missing };
  const all = together([
    { options: { ...imageOf(field), ...graceOf(workload.spec), profile: 'kubernetes' }, missing: [] },
    readProcess(container, valueOf),
    variables,
    readVolumes(container),
    readReadiness(around),
    readPreStop(field),
    readPostStart(field),
    readLimits(field),
  ]);
  return Object.keys(filledIn).length === 0 ? all : { ...all, filledIn };
}

function together(parts: readonly FromFile[]): FromFile {
  return {
    options: parts.reduce<Partial<RunOptions>>((all, { options }) => ({ ...all, ...options }), {}),
    missing: parts.flatMap(({ missing }) => missing),
  };
}

function imageOf(container: Field): Partial<RunOptions> {
  const image = textOf(at(container, 'image')) ?? '';
  return image === '' ? {} : { target: image, image: true };
}

function graceOf(spec: Field): Partial<RunOptions> {
  const seconds = numberOf(at(spec, 'terminationGracePeriodSeconds'), RANGES.seconds);
  return seconds === null ? {} : { graceMs: seconds * 1_000 };
}

function readPostStart(container: Field): FromFile {
  const hasHook = isThere(at(container, 'lifecycle', 'postStart'));
  return { options: {}, missing: hasHook ? [{ what: 'its postStart hook', flag: null }] : [] };
}
