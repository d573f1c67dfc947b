import { stat } from 'node:fs/promises';

import { CannotRunError } from '../errors.ts';
import { readSaved } from '../saved/read.ts';
import { groupsOf } from '../repeat/groups.ts';
import type { Checked } from '../run.ts';
import { saveResult } from '../save.ts';
import type { Baseline } from './baseline.ts';

/**
 * Reads the baseline. Where it is to be written and is not there yet, there is none to hold anything against: undefined.
 *
 * @throws CannotRunError where there is none, or none that can be read.
 */
export async function readBaseline({
  file,
  failOn,
  isUpdate,
}: Pick<Baseline, 'file' | 'failOn' | 'isUpdate'>): Promise<Baseline | undefined> {
  if (await isThere(file)) return { file, failOn, isUpdate, result: (await readSaved(file)).result };
  if (isUpdate) return undefined;
  throw new CannotRunError(`There is no baseline ${file}.`, {
    nextStep:
      'Write it from this check: add --update-baseline. Keep it with the code, so that every change is held against it.',
  });
}

async function isThere(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}

/**
 * Saves a result as the baseline, without what it was itself held against and without a ledger beside it.
 * @throws CannotRunError when the file cannot be written.
 */
export async function writeBaseline({ result }: Pick<Checked, 'result'>, file: string): Promise<void> {
  const { baseline: _held, ...own } = result;
  await saveResult(own, [], file);
}

/** Why a result is nothing to hold others against, a clause; null where it is. */
export function whyNoBaseline({ result, notChecked }: Pick<Checked, 'result' | 'notChecked'>): string | null {
  const broken = notChecked.find(({ error }) => error !== null);
  if (broken) return `${broken.service} could not be checked`;
  const groups = groupsOf(result);
  const short = groups.find(({ record }) => record.ended.kind !== 'complete');
  if (short) return `only ${short.record.runs} of ${short.record.asked} runs of ${short.record.name} took place`;
  const unclear = groups.find(({ record }) => record.inconclusive > 0);
  return unclear
    ? `${unclear.record.name} is inconclusive${unclear.record.runs === 1 ? '' : ' in some of its runs'}`
    : null;
}
