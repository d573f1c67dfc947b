import type { Finding, FindingCode } from './finding.ts';
import { WORDS } from './words/words.ts';

/** What a finding's sentences are made of. */
export type ArgsOf<Code extends FindingCode> = Parameters<(typeof WORDS)[Code]>[0];

/** Makes a finding: its sentences come from its code and its arguments alone. */
export function say<Code extends FindingCode>(severity: Finding['severity'], code: Code, args: ArgsOf<Code>): Finding {
  const words = WORDS[code] as (given: ArgsOf<Code>) => { message: string; advice: string | null };
  return { code, severity, ...words(args), args };
}
