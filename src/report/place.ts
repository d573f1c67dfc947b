import path from 'node:path';

import type { Finding, FindingCode } from '../diagnosis/finding.ts';
import type { Case } from './cases.ts';

/** A place in a file of the user's; without a line it is the file as a whole. */
export interface Place {
  /** As a path from where the program ran, with forward slashes; absolute where it lies elsewhere. */
  readonly file: string;
  /** From 1; null where no line is known. */
  readonly line: number | null;
}

/** Where a plan of standard input says that it came from. */
const STDIN = '/dev/stdin';

/** What is mended where the stop is planned, not where the image is built. */
const LIES_IN_PLAN: readonly FindingCode[] = [
  'PRESTOP_EXHAUSTED_GRACE',
  'PRESTOP_FAILED',
  'HANDLER_EXCEEDS_GRACE',
  'REFUSED_WHILE_ROUTED',
  'SIDECAR_KILLED',
];

/**
 * Where a finding is to be mended: the line of the Dockerfile where it is known, else the Dockerfile or the file that the plan
 * came from. null where there is none, as for an image.
 */
export function placeOf({ code, args }: Finding, { record }: Case): Place | null {
  const at = typeof args['at'] === 'string' ? /^(.+):(\d+)$/.exec(args['at']) : null;
  if (at?.[1] !== undefined) return { file: slashed(at[1]), line: Number(at[2]) };
  const dockerfile = record.observation.image.dockerfile?.file ?? null;
  const { file: planned } = record.plan.resolved;
  const file = LIES_IN_PLAN.includes(code) ? (planned ?? dockerfile) : (dockerfile ?? planned);
  return file === null || file === STDIN ? null : { file: slashed(file), line: null };
}

/**
 * A file as it is called from the root of the repository.
 *
 * @param folder where the program ran, from there
 */
export function fromRoot(file: string, folder = ''): string {
  return path.posix.isAbsolute(file) ? file : path.posix.join(folder, file);
}

function slashed(file: string): string {
  return path.posix.normalize(file.replaceAll('\\', '/'));
}
