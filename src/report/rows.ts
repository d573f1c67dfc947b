import { costOf, nameOf, type RunRecord, type Verdict } from '../result.ts';
import { countOf } from '../rollout/failures.ts';
import type { RolloutRecord } from '../rollout/record.ts';
import { whyOf } from './totals.ts';

/** What a row tells of a run, or of a roll-out. */
export interface Row {
  readonly name: string;
  readonly verdict: Verdict;
  readonly why: string | null;
  readonly sigkill: boolean | null;
  readonly exitCode: number | null;
  readonly lost: number;
  readonly drainMs: number | null;
  readonly asExpected: boolean | null;
}

/** A run, as a row tells it. */
export function rowOf(run: RunRecord): Row {
  const { termination } = run;
  return {
    name: nameOf(run),
    verdict: run.verdict,
    why: whyOf(run)?.code ?? null,
    sigkill: termination.sigkillFired,
    exitCode: termination.exitCode,
    lost: costOf(run),
    drainMs: termination.drainMs,
    asExpected: run.asExpected,
  };
}

/** Of the ends of its replicas the worst is told, and of their exit codes the first that is not 0. */
export function rolloutRowOf(rollout: RolloutRecord): Row {
  const { replacements, findings, requests } = rollout;
  const kills = replacements.map(({ sigkillFired }) => sigkillFired);
  const exitCodes = replacements.map(({ exitCode }) => exitCode);
  return {
    name: rollout.scenario ?? rollout.target.reference,
    verdict: rollout.verdict,
    why: findings[0]?.code ?? null,
    sigkill: kills.includes(true) ? true : kills.includes(null) ? null : false,
    exitCode: exitCodes.find((code) => code !== 0) ?? exitCodes[0] ?? null,
    lost: countOf(requests.failures),
    drainMs: null,
    asExpected: rollout.asExpected,
  };
}
