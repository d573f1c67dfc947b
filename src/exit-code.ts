import { hasRegressed, isKnownFailure } from './baseline/record.ts';
import type { Result } from './result.ts';

/**
 * What the program ends with for a result: 0 pass, 1 fail or worse than the baseline, 2 where a run of several could not take
 * place, 3 inconclusive; of scenarios 0 where all are as expected. Where runs differ, 2 beats 1 beats 3 beats 0.
 */
export function exitCodeFor({ asExpected, baseline, budget, repeats = [], verdict }: Result): 0 | 1 | 2 | 3 {
  if (asExpected !== null) return asExpected ? 0 : 1;
  if ([...(budget ? [budget] : []), ...repeats].some(({ ended }) => ended.kind === 'broken')) return 2;
  if (baseline !== undefined) {
    if (hasRegressed(baseline)) return 1;
    if (verdict === 'fail' && isKnownFailure(baseline)) return 0;
  }
  return ({ pass: 0, fail: 1, inconclusive: 3 } as const)[verdict];
}
