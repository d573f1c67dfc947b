import { readFile } from 'node:fs/promises';
import { CannotRunError, messageOf } from '../errors.ts';

/** Environment variables by name; a copy of `process.env` or a stand-in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads variables as `docker run --env-file` does: a line each, `#` lines are comments, values are taken as they are,
 * quotes included, and a bare name takes its value from `environment` (or is left out where that has none).
 * @throws CannotRunError where the file cannot be read or a line names no variable.
 */
export async function readEnvFile(file: string, environment: Environment): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`--env-file ${file} cannot be read: ${messageOf(cause)}`, {
      nextStep: 'Name a file with a KEY=VALUE on each line.',
      cause,
    });
  });
  return parseEnvLines(text, file, environment);
}

function parseEnvLines(text: string, file: string, environment: Environment): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    Object.assign(variables, parseVariable(line, `${file}, line ${index + 1}`, environment));
  }
  return variables;
}

/**
 * `KEY=VALUE`, or `KEY` with its value from `environment`, as docker does; an unset KEY gives nothing.
 * @throws CannotRunError, naming `where`, for an empty name or one with spaces.
 */
export function parseVariable(text: string, where: string, environment: Environment): Record<string, string> {
  const end = text.indexOf('=');
  const key = end < 0 ? text.trimEnd() : text.slice(0, end);
  if (key === '' || /\s/.test(key)) {
    throw new CannotRunError(`${where} "${text}" names no variable: it takes KEY=VALUE, or KEY to pass on its value.`, {
      nextStep: 'For example: LOG_LEVEL=debug',
    });
  }
  const value = end < 0 ? environment[key] : text.slice(end + 1);
  return value === undefined ? {} : { [key]: value };
}
