import { type FindingCode } from '../diagnosis/finding.ts';
import { whyOf } from '../report/totals.ts';
import type { RunRecord } from '../result.ts';

/** A time that was measured, in milliseconds; `cut`: SIGKILL came before its end; null: there was nothing to measure. */
export type Took = number | 'cut' | null;

/**
 * What a stop is worth for a budget: its times were measured `whole`; so they were where all that went wrong was a listener
 * that closed while traffic was still routed there (`early`); `killed`: it takes longer than it had, nobody knows how much.
 * The others say nothing of time: requests were lost for another reason (`broken`), or the run could not tell (`unclear`).
 */
export type Worth = 'whole' | 'early' | 'killed' | 'broken' | 'unclear';

/** One stop, as a budget counts it. */
export interface Measurement {
  /** null where nothing was sent. */
  readonly ratePerSecond: number | null;
  /** From the start of the stop to the end of its preStop hook; null without one. */
  readonly preStopMs: number | null;
  /** From the signal to the end of the last request that was in flight when it came. */
  readonly drain: Took;
  /** From the signal to the end of the process. */
  readonly exit: Took;
  readonly worth: Worth;
  /** What it failed for, or could not tell; null where it passed. */
  readonly why: FindingCode | null;
}

/** The times of a run. Pure. */
export function measure(run: RunRecord): Measurement {
  const { plan, termination, observation } = run;
  const worth = worthOf(run);
  return {
    ratePerSecond: plan.resolved.load.kind === 'none' ? null : plan.ratePerSecond,
    preStopMs: termination.preStop?.endedAtMs ?? null,
    drain: drainOf(run),
    exit: worth === 'killed' ? 'cut' : since(observation.signalFromMs, termination.exitedAtMs),
    worth,
    why: whyOf(run)?.code ?? null,
  };
}

function worthOf({ verdict, termination, findings }: RunRecord): Worth {
  if (termination.sigkillFired === true) return 'killed';
  if (verdict !== 'fail') return verdict === 'pass' ? 'whole' : 'unclear';
  const errors = findings.filter(({ severity }) => severity === 'error');
  const isEarly = errors.length > 0 && errors.every(({ code }) => code === 'REFUSED_WHILE_ROUTED');
  return isEarly ? 'early' : 'broken';
}

/** What ended with SIGKILL, or later, was cut by it; the drain may have been over long before. */
function drainOf({ termination, observation, plan }: RunRecord): Took {
  const { drainMs, sigkillFired } = termination;
  const isCut = sigkillFired === true && drainMs !== null && observation.signalByMs + drainMs >= plan.graceMs;
  return isCut ? 'cut' : drainMs;
}

function since(fromMs: number, untilMs: number | null): number | null {
  return untilMs === null ? null : Math.max(0, untilMs - fromMs);
}
