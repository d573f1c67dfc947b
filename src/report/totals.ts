import { noOutcomes, OUTCOMES, type OutcomeCounts } from '../load/outcomes.ts';
import { causeOf, type Finding, type FindingCode } from '../diagnosis/finding.ts';
import { overText } from '../diagnosis/words/limits.ts';
import { killerOf, stopSignalledAtMs } from '../kernel-record.ts';
import type { Over } from '../limits.ts';
import type { RequestsRecord, RunRecord, SignalRecord } from '../result.ts';
import { isOfTheStop } from '../termination/record.ts';

const DOUBTS: readonly FindingCode[] = [
  'UNHEALTHY_BEFORE_SIGNAL',
  'NOTHING_IN_FLIGHT',
  'NOTHING_WATCHED',
  'READY_BEFORE_SIGNAL',
  'HARNESS_LIMIT',
  'TOO_AMBIGUOUS',
  'HELD_ENDED_EARLY',
];
const RACES: readonly FindingCode[] = ['KEEPALIVE_RESET', 'BACKLOG_RESET'];

/** What a run that does not pass is about: its cause, its doubt, or the first thing that went wrong. */
export function whyOf(run: RunRecord): Finding | null {
  if (run.verdict === 'pass') return null;
  const error = run.findings.find(({ severity }) => severity === 'error');
  return causeOf(run) ?? doubtOf(run) ?? error ?? run.findings[0] ?? null;
}

/** The finding that makes a run inconclusive, where it is. */
export function doubtOf({ verdict, findings }: RunRecord): Finding | null {
  return verdict === 'inconclusive' ? doubtAmong(findings) : null;
}

/** The finding by which a run could not tell what it was to, whatever its verdict; null where it could. */
export function doubtAmong(findings: readonly Finding[]): Finding | null {
  return findings.find(({ code }) => DOUBTS.includes(code)) ?? null;
}

/** The user's limits that the stop went beyond, as a clause: `the drain took 4.1 s, and --max-drain is 2 s`; null: none. */
export function overLimits({ findings }: Pick<RunRecord, 'findings'>): string | null {
  const over = findings.filter(({ code }) => code === 'OVER_BUDGET');
  return over.length === 0 ? null : over.map(({ args }) => overText(args as unknown as Over)).join('; ');
}

/** Requests that were cut unread in the race that every closing server has, where that is only a warning. */
export function racedByStop({ findings, plan }: RunRecord): number {
  if (plan.resolved.strictUnread) return 0;
  const races = findings.filter(({ code }) => RACES.includes(code));
  return races.reduce((sum, { args }) => sum + (typeof args['count'] === 'number' ? args['count'] : 0), 0);
}

/** Requests that were there when the signal came, and how many of them were answered in full. */
export function inFlightTotals({ byPhase }: RequestsRecord): { readonly all: number; readonly answered: number } {
  const all = Object.values(byPhase.inFlight).reduce((sum, count) => sum + count, 0);
  return { all, answered: byPhase.inFlight.completed };
}

/**
 * The signals that came. Those of the stop stand at the moment of the kernel's record, where there is one: by the time of
 * the engine's word of it a fast app has closed its listener, and would seem to have done so before the signal.
 */
export function signalsOf({ termination, observation, target }: RunRecord): readonly SignalRecord[] {
  const recordedAtMs = stopSignalledAtMs(observation);
  const { kernel } = observation;
  const killedAtMs = kernel.kind === 'traced' ? (killerOf(observation, kernel.pid1)?.atMs ?? null) : null;
  return termination.signals.map((one) => {
    if (!isOfTheStop(one.sender)) return one;
    const atMs = one.signal === target.stopSignal ? recordedAtMs : one.signal === 'SIGKILL' ? killedAtMs : null;
    return { ...one, atMs: Math.min(one.atMs, atMs ?? Infinity) };
  });
}

/** Requests that had ended before the signal came; those of a hook's time stand for themselves, where there was one. */
export function endedBefore({ requests, termination }: Pick<RunRecord, 'requests' | 'termination'>): OutcomeCounts {
  const { before, preStop } = requests.byPhase;
  if (termination.preStop !== null) return before;
  const sum = noOutcomes();
  for (const outcome of OUTCOMES) sum[outcome] = before[outcome] + preStop[outcome];
  return sum;
}
