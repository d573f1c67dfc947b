import { causeOf } from '../diagnosis/finding.ts';
import type { CannotRunError } from '../errors.ts';
import type { SourceKind } from '../plan/plan.ts';
import { costOf, type ProofRecord, type RunRecord } from '../result.ts';
import type { Candidate } from './candidates.ts';
import { type Change, describeChange, linesOf } from './change.ts';

/** Changes that are made together, as words. */
export function wordsOf(changes: readonly Change[], of: SourceKind): string {
  return described(changes, of).join(' + ');
}

function described(changes: readonly Change[], of: SourceKind): readonly string[] {
  return changes.map((change) => describeChange(change, of));
}

/** The record of a run with changes; the last of them is the one on trial. `of`: what the first run was of. */
export function recordProof(changes: readonly Change[], run: RunRecord, of: SourceKind): ProofRecord {
  const { sigkillFired, exitCode, exitedAtMs } = run.termination;
  return {
    ...named(changes, of),
    verdict: run.verdict,
    skippedBecause: null,
    heldAgainst: costOf(run),
    sigkillFired,
    exitCode,
    exitedAtMs,
    cause: causeOf(run)?.code ?? null,
    lines: run.verdict === 'pass' ? changes.flatMap((change) => linesOf(change, run, of)) : [],
  };
}

/** The record of changes with which it could not be run. */
export function recordBroken(changes: readonly Change[], { message }: CannotRunError, of: SourceKind): ProofRecord {
  return { ...named(changes, of), ...NOT_RUN, skippedBecause: `it could not be run: ${message.replace(/\.$/, '')}` };
}

/** The record of changes whose run was interrupted, or not begun any more. */
export function recordInterrupted(changes: readonly Change[], of: SourceKind): ProofRecord {
  return { ...named(changes, of), ...NOT_RUN, skippedBecause: 'it was interrupted' };
}

/** The record of what was not tried on top of `base`. */
export function recordSkipped(
  { remedy, change, because }: Extract<Candidate, { kind: 'skip' }>,
  base: readonly Change[],
  of: SourceKind,
): ProofRecord {
  return { remedy, change, after: described(base, of), ...NOT_RUN, skippedBecause: because };
}

const NOT_RUN = {
  verdict: null,
  heldAgainst: null,
  sigkillFired: null,
  exitCode: null,
  exitedAtMs: null,
  cause: null,
  lines: [],
} as const;

function named(changes: readonly Change[], of: SourceKind): Pick<ProofRecord, 'remedy' | 'change' | 'after'> {
  const last = changes.at(-1);
  if (last === undefined) throw new Error('A proof is of at least one change.');
  return { remedy: last.remedy, change: describeChange(last, of), after: described(changes.slice(0, -1), of) };
}
