import { causeOf, type Finding } from '../../diagnosis/finding.ts';
import type { Result } from '../../result.ts';

/** So many codes are named; more of them would not be read. */
const MAX_CODES = 3;

/** How to read more about what went wrong, a line for the end of a report; empty where nothing did, or it was meant to. */
export function moreLines({ runs, rollouts = [] }: Result): readonly string[] {
  const all = [...runs, ...rollouts];
  if (all.length > 1 && all.every(({ scenario }) => scenario !== null)) return [];
  const codes = [...new Set(all.flatMap(({ findings }) => worstOf(findings)?.code ?? []))];
  return codes.length === 0 ? [] : [`More: shutdown-check explain ${codes.slice(0, MAX_CODES).join(' ')}`];
}

/** The cause, else the first error. */
function worstOf(findings: readonly Finding[]): Finding | null {
  return causeOf({ findings }) ?? findings.find(({ severity }) => severity === 'error') ?? null;
}
