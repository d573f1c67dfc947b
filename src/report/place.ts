import type { Finding } from '../diagnosis/finding.ts';
import type { Case } from './cases.ts';

/** A place in a file of the user's; without a line it is the file as a whole. */
export interface Place {
  /** As a path from where the program ran, with forward slashes; absolute where it lies elsewhere. */
  readonly file: string;
  /** From 1; null where no line is known. */
  readonly line: number | null;
}

/**
 * Where a finding is to be mended: the line of the Dockerfile where it is known, else the file that the plan came from. null
 * where there is none, as for an image.
 */
export function placeOf({ args }: Finding, { record }: Case): Place | null {
  const at = typeof args['at'] === 'string' ? /^(.+):(\d+)$/.exec(args['at']) : null;
  if (at?.[1] !== undefined) return { file: slashed(at[1]), line: Number(at[2]) };
  const file =
    ('termination' in record ? record.observation.image.dockerfile?.file : null) ?? record.plan.resolved.file;
  return file == null || file === '/dev/stdin' ? null : { file: slashed(file), line: null };
}

function slashed(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '');
}
