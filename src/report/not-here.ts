import type { Missing, Plan } from '../plan/plan.ts';

type Read = Pick<Plan, 'file' | 'missing'>;

/** What the file asks for and the run has not, in a sentence; null where it has everything. */
export function notHere({ file, missing }: Read): string | null {
  return missing.length === 0 ? null : `Not here, and in ${file}: ${missing.map(withFlag).join('; ')}.`;
}

/** The same for the detail of an error, of which it is likely the reason. */
export function notHereLines({ file, missing }: Read): readonly string[] {
  return missing.length === 0 ? [] : [`Not here, and in ${file}:`, ...missing.map((one) => `  ${withFlag(one)}`)];
}

function withFlag({ what, flag }: Missing): string {
  return flag === null ? what : `${what} (${flag})`;
}
