import type { FromFile } from '../from-file.ts';
import type { RunOptions } from '../options.ts';
import { describeRange, fits, type Range, RANGES } from '../ranges.ts';
import { at, badField, type Field } from './field.ts';
import { quantityOf } from './quantity.ts';

/**
 * What the container may take of memory and processors. What it requests is between it and the scheduler.
 * @throws CannotRunError for what is no quantity, or one that no engine takes.
 */
export function readLimits(container: Field): FromFile {
  const limits = at(container, 'resources', 'limits');
  const memoryBytes = limitOf(at(limits, 'memory'), RANGES.memoryBytes, Math.round);
  const cpus = limitOf(at(limits, 'cpu'), RANGES.cpus, (number) => number);
  const options: Partial<RunOptions> = {
    ...(memoryBytes === null ? {} : { memoryBytes }),
    ...(cpus === null ? {} : { cpus }),
  };
  return { options, missing: [] };
}

function limitOf(field: Field, range: Range, rounded: (quantity: number) => number): number | null {
  const quantity = quantityOf(field);
  if (quantity === null) return null;
  const limit = rounded(quantity);
  if (fits(limit, range)) return limit;
  throw badField(field, describeRange(range));
}
