import { CannotRunError } from '../errors.ts';
import type { RunOptions } from '../plan/options.ts';
import type { Result } from '../result.ts';
import type { Checked } from '../run.ts';

/** A container that runs, as testcontainers' `start()` gives it. */
export interface StartedContainer {
  getId(): string;
}

/** What can be checked, or has been. */
export type Subject =
  /** A Dockerfile, a folder with one, a compose file, or an image reference. An existing path wins. */
  | string
  | RunOptions
  /** It is stopped where it runs, and left as the stop leaves it. */
  | StartedContainer
  /** What a check came to: nothing is run again. */
  | Checked
  | Result;

/** How it is checked; over what the subject itself says. */
export type CheckOptions = Omit<RunOptions, 'target' | 'attach'>;

/** What has been checked already, or what is to be. */
export type Understood =
  | { readonly kind: 'done'; readonly checked: Checked }
  | { readonly kind: 'to-do'; readonly options: RunOptions; readonly name: string };

/**
 * What somebody gave a matcher.
 * @throws CannotRunError for what is no such thing, and for options that come after the run.
 */
export function understand(subject: unknown, options: CheckOptions = {}): Understood {
  if (typeof subject === 'string') return toDo({ target: subject, ...options }, subject);
  if (!isObject(subject)) throw noSubject(subject);
  if (typeof subject['getId'] === 'function') return attached(subject as unknown as StartedContainer, options);
  const done = doneOf(subject);
  if (done === null) return toDo({ ...(subject as RunOptions), ...options }, nameOf(subject));
  if (Object.keys(options).length === 0) return { kind: 'done', checked: done };
  throw new CannotRunError(`This check is over, and ${Object.keys(options).join(', ')} would have come before it.`, {
    nextStep: 'Give the options to checkShutdown(), or the matcher what is to be checked.',
  });
}

function toDo(options: RunOptions, name: string): Understood {
  return { kind: 'to-do', options, name };
}

function attached(container: StartedContainer, options: CheckOptions): Understood {
  const id = container.getId();
  return toDo({ attach: id, ...options }, `the container ${id.slice(0, 12)}`);
}

function doneOf(subject: Readonly<Record<string, unknown>>): Checked | null {
  if (isResult(subject)) return { result: subject, ledgers: [], notChecked: [] };
  return isResult(subject['result']) ? { notChecked: [], ledgers: [], ...subject, result: subject['result'] } : null;
}

function isResult(value: unknown): value is Result {
  return isObject(value) && typeof value['schemaVersion'] === 'number' && Array.isArray(value['runs']);
}

function nameOf(options: Readonly<Record<string, unknown>>): string {
  const named = ['target', 'manifest', 'attach'].map((key) => options[key]).find((name) => typeof name === 'string');
  if (named === undefined) throw noSubject(options);
  return named;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function noSubject(subject: unknown): CannotRunError {
  const what = isObject(subject)
    ? `an object with ${Object.keys(subject).join(', ') || 'nothing in it'}`
    : JSON.stringify(subject) || 'nothing';
  return new CannotRunError(`A check of the stop cannot be made of ${what}.`, {
    nextStep: [
      'It takes an image, a Dockerfile, a folder with one (as a string), options with a target, a started container of',
      'testcontainers, or what checkShutdown() or run() gave.',
    ].join('\n'),
  });
}
