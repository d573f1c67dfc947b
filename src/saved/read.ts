import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { CannotRunError, messageOf } from '../errors.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Saved } from '../report/reporter.ts';
import { recordsOf, type Result, SCHEMA_VERSION } from '../result.ts';
import { readLedger } from '../save.ts';
import { withAllFields } from './before.ts';
import { wrongInResult } from './result-shape.ts';
import { isRecord } from './shape.ts';

/**
 * Reads a saved result, also of an earlier version, and the ledgers that still lie beside it.
 *
 * @throws CannotRunError where it cannot be read, is no result, or one of a later version.
 */
export async function readSaved(file: string): Promise<Saved> {
  const result = withAllFields(await readResult(file));
  const folder = path.dirname(file);
  const ledgers = await Promise.all(recordsOf(result).map(({ ledger }) => ledgerIn(folder, ledger)));
  return { result, ledgers };
}

async function readResult(file: string): Promise<Result> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`The result ${file} cannot be read: ${reasonOf(cause)}`, { cause, nextStep: NAME_ONE });
  });
  const saved = parse(text, file);
  const version = isRecord(saved) ? saved['schemaVersion'] : undefined;
  if (typeof version !== 'number')
    throw new CannotRunError(`${file} is no result of shutdown-check: it has no schemaVersion.`, {
      nextStep: NAME_ONE,
    });
  if (version > SCHEMA_VERSION)
    throw new CannotRunError(
      `${file} was saved by a later version: its schema is ${version}, and this one reads up to ${SCHEMA_VERSION}.`,
      { nextStep: 'Update shutdown-check.' },
    );
  const wrong = wrongInResult(saved);
  if (wrong !== null)
    throw new CannotRunError(`${file} is no whole result: ${wrong}.`, {
      nextStep: `It was cut or changed. ${NAME_ONE}`,
    });
  return saved as Result;
}

const NAME_ONE = 'Name the result.json that a run has saved.';

/** Node names the file once more, which the sentence has already. */
function reasonOf(cause: unknown): string {
  return messageOf(cause).replace(/^[A-Z]+: ([^,]+), \w+(?: '.*')?$/s, '$1.');
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CannotRunError(`${file} is no JSON: ${messageOf(cause)}`, { cause, nextStep: NAME_ONE });
  }
}

/** A ledger that is gone takes only its details with it. */
async function ledgerIn(folder: string, name: unknown): Promise<Ledger | null> {
  if (typeof name !== 'string') return null;
  return await readLedger(path.join(folder, name)).catch(() => null);
}
