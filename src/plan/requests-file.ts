import { readFile } from 'node:fs/promises';
import { CannotRunError, messageOf } from '../errors.ts';
import { badValue } from './bad-value.ts';
import { parseDuration } from './durations.ts';
import type { RequestOptions } from './options.ts';
import { RANGES, describeRange, fits } from './ranges.ts';
import { checkKeys, resolveRequest } from './requests.ts';

const KEYS = ['path', 'method', 'headers', 'body', 'share', 'every'];
const EXAMPLE = '[{ "path": "/" }, { "path": "/report", "every": "4s" }]';

/**
 * Reads a mix of requests: a JSON array of `{ path, method, headers, body, share | every }`, `every` a duration.
 * @throws CannotRunError that names the file, the entry and the field at fault.
 */
export async function readRequestsFile(file: string): Promise<readonly RequestOptions[]> {
  const entries = parseJson(await read(file), file);
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new CannotRunError(`--requests ${file} holds no list of requests.`, { nextStep: `For example: ${EXAMPLE}` });
  }
  return entries.map((entry: unknown, index) => toRequest(entry, `${file}, entry ${index + 1}`));
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`--requests ${file} cannot be read: ${messageOf(cause)}`, {
      nextStep: `Name a JSON file with a list of requests, such as ${EXAMPLE}`,
      cause,
    });
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CannotRunError(`--requests ${file} is no JSON: ${messageOf(cause)}`, {
      nextStep: `For example: ${EXAMPLE}`,
      cause,
    });
  }
}

function toRequest(entry: unknown, where: string): RequestOptions {
  checkKeys(entry, where, KEYS);
  const { every, ...request } = entry as RequestOptions & { readonly every?: unknown };
  const timed = every === undefined ? request : { ...request, everyMs: toMs(every, where) };
  // Checked here too, while the file's name is still known.
  resolveRequest(timed, where);
  return timed;
}

function toMs(every: unknown, where: string): number {
  const everyMs = typeof every === 'string' ? parseDuration(every) : typeof every === 'number' ? every * 1_000 : null;
  if (fits(everyMs, RANGES.everyMs)) return everyMs;
  throw badValue({
    name: `${where}: every`,
    value: every,
    takes: describeRange(RANGES.everyMs),
    example: '"every": "4s"',
  });
}
