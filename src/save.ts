import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import { CannotRunError, messageOf } from './errors.ts';
import { COLUMN_NAMES, Ledger, NEVER } from './load/ledger.ts';
import type { Result } from './result.ts';

/**
 * Saves a result, and beside it each run's ledger, then each roll-out's: comma-separated values with a header line, compressed; a row a
 * request in the order of the schedule, times in microseconds, nothing where there was none.
 *
 * @throws CannotRunError when the file cannot be written.
 */
export async function saveResult(result: Result, ledgers: readonly (Ledger | null)[], file: string): Promise<void> {
  const folder = path.dirname(file);
  const stem = path.basename(file, '.json');
  const name = (run: number): string => (ledgers.length === 1 ? `${stem}.ledger.gz` : `${stem}.${run + 1}.ledger.gz`);
  const named = <Record extends { readonly ledger: string | null }>(record: Record, nth: number): Record => ({
    ...record,
    ledger: ledgers[nth] ? name(nth) : record.ledger,
  });
  const runs = result.runs.map((run, nth) => named(run, nth));
  const rollouts = result.rollouts?.map((rollout, nth) => named(rollout, runs.length + nth));
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(
      ledgers.map(async (ledger, nth) => ledger && writeWhole(path.join(folder, name(nth)), await packLedger(ledger))),
    );
    await writeWhole(file, toJson({ ...result, runs, ...(rollouts && { rollouts }) }));
  } catch (error) {
    throw new CannotRunError(`The result could not be saved in ${file}: ${messageOf(error)}`, {
      nextStep: 'Name a file in a folder that can be written.',
      cause: error,
    });
  }
}

/** JSON for people too: indented, with lists of numbers on one line. */
export function toJson(result: Result): string {
  const indented = JSON.stringify(result, null, 2);
  return `${indented.replace(/\[\n[\s\d.,eE+-]+\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;
}

/** A reader never sees half a file: it is written beside its place and then moved. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, content);
  await rename(partial, file);
}

/** The ledger as compressed CSV. */
async function packLedger(ledger: Ledger): Promise<Uint8Array> {
  const lines = [COLUMN_NAMES.join(',')];
  for (let row = 0; row < ledger.length; row++) {
    lines.push(COLUMN_NAMES.map((column) => (ledger[column][row] === NEVER ? '' : ledger[column][row])).join(','));
  }
  return await promisify(gzip)(`${lines.join('\n')}\n`);
}

/** Reads a saved ledger. */
export async function readLedger(file: string): Promise<Ledger> {
  const text = (await promisify(gunzip)(await readFile(file))).toString();
  const [header = '', ...lines] = text.trimEnd().split('\n');
  if (header !== COLUMN_NAMES.join(',')) throw new CannotRunError(`${file} is not a ledger of this version.`);
  const ledger = new Ledger();
  for (const line of lines) {
    const row = ledger.add(0, 0, 0, 0);
    line.split(',').forEach((value, nth) => {
      const column = COLUMN_NAMES[nth];
      if (column) ledger[column][row] = value === '' ? NEVER : Number(value);
    });
  }
  return ledger;
}
