import { toJson } from '../save.ts';
import type { Saved } from './reporter.ts';

/** The result itself, as it is saved. */
export function jsonReporter({ result }: Saved): string {
  return toJson(result);
}
