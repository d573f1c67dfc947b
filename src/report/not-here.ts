import type { Missing, Plan } from '../plan/plan.ts';

type Read = Pick<Plan, 'file' | 'missing'>;

/** So many are told; some manifests mount dozens of files. */
const MOST_IN_A_SENTENCE = 6;
const MOST_LINES = 12;

/** What the file asks for and the run has not, in a sentence; null where it has everything. */
export function notHere({ file, missing }: Read): string | null {
  return missing.length === 0 ? null : `In ${file}, but not here: ${some(missing, MOST_IN_A_SENTENCE).join('; ')}.`;
}

/** The same for the detail of an error, of which it is likely the reason. */
export function notHereLines({ file, missing }: Read): readonly string[] {
  if (missing.length === 0) return [];
  return [`In ${file}, but not here:`, ...some(missing, MOST_LINES).map((text) => `  ${text}`)];
}

function some(missing: readonly Missing[], most: number): readonly string[] {
  const told = missing.slice(0, most).map(({ what, flag }) => (flag === null ? what : `${what} (${flag})`));
  return missing.length <= most ? told : [...told, `and ${missing.length - most} more`];
}
