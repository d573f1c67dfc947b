import { signalName } from '../../signals.ts';
import type { FromFile } from '../from-file.ts';
import type { RunOptions } from '../options.ts';
import { RANGES } from '../ranges.ts';
import { expand } from './expand.ts';
import { at, badField, type Field, numberOf, textOf, textsOf } from './field.ts';
import type { Container } from './workloads.ts';

/**
 * What is started, as whom and where, and the signal that asks it to stop.
 * @throws CannotRunError for a field of another type, and for a signal that is none.
 */
export function readProcess({ field, workload }: Container, valueOf: (name: string) => string | undefined): FromFile {
  const user = userOf(at(field, 'securityContext'), at(workload.spec, 'securityContext'));
  const workingDir = textOf(at(field, 'workingDir'));
  const stopSignal = signalOf(at(field, 'lifecycle', 'stopSignal'));
  const options: Partial<RunOptions> = {
    ...commandOf(field, valueOf),
    ...(user === null ? {} : { user }),
    ...(workingDir === null || workingDir === '' ? {} : { workingDir: absolute(at(field, 'workingDir'), workingDir) }),
    ...(stopSignal === null ? {} : { stopSignal }),
  };
  return { options, missing: [] };
}

/**
 * Kubernetes' `command` is an image's entrypoint, its `args` are the command. An entrypoint of its own clears the image's
 * command, and an empty list is none.
 */
function commandOf(container: Field, valueOf: (name: string) => string | undefined): Partial<RunOptions> {
  const listOf = (key: string): readonly string[] => textsOf(at(container, key)).map((text) => expand(text, valueOf));
  const [entrypoint, command] = [listOf('command'), listOf('args')];
  if (entrypoint.length > 0) return { entrypoint, command };
  return command.length > 0 ? { command } : {};
}

/** A container's own goes before the pod's. A group alone says nothing to an engine. */
function userOf(...contexts: readonly [own: Field, pod: Field]): string | null {
  const idOf = (key: string): number | null =>
    contexts.map((context) => numberOf(at(context, key), RANGES.userId)).find((id) => id !== null) ?? null;
  const [user, group] = [idOf('runAsUser'), idOf('runAsGroup')];
  if (user === null) return null;
  return group === null ? String(user) : `${user}:${group}`;
}

function absolute(field: Field, path: string): string {
  if (path.startsWith('/')) return path;
  throw badField(field, 'an absolute path');
}

function signalOf(field: Field): string | null {
  const text = textOf(field);
  if (text === null) return null;
  const signal = signalName(text);
  if (signal !== null) return signal;
  throw badField(field, 'a signal, such as SIGTERM, SIGQUIT or SIGUSR1');
}
