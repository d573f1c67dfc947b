import { type CauseCode, CAUSES } from '../../src/diagnosis/finding.ts';
import type { RunRecord, Verdict } from '../../src/result.ts';

/** What two engines have to agree on: what came out, why, and how it ended. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly cause: CauseCode | null;
  readonly exitCode: number | null;
  /** Whether SIGKILL ended it after the grace period; null: could not be told. */
  readonly sigkill: boolean | null;
}

export function outcomeOf({ verdict, findings, termination }: RunRecord): Outcome {
  return {
    verdict,
    cause: CAUSES.find((code) => findings.some((finding) => finding.code === code)) ?? null,
    exitCode: termination.exitCode,
    sigkill: termination.sigkillFired,
  };
}

/** Whether the two came to the same, in all of it. */
export function isSame(one: Outcome, other: Outcome): boolean {
  return (['verdict', 'cause', 'exitCode', 'sigkill'] as const).every((what) => one[what] === other[what]);
}

/** An outcome in words: "fail, `SHELL_IS_PID1`, 137, SIGKILL". */
export function sayOutcome({ verdict, cause, exitCode, sigkill }: Outcome): string {
  const killed = sigkill === null ? 'SIGKILL unknown' : sigkill ? 'SIGKILL' : null;
  const parts = [verdict, cause && `\`${cause}\``, exitCode === null ? 'no exit code' : String(exitCode), killed];
  return parts.filter((part) => part !== null).join(', ');
}
