import { planInShort, startedAs } from '../in-short.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { OutcomeCounts } from '../load/outcomes.ts';
import type { PreStopFacts } from '../observation.ts';
import type { RolloutPlan } from '../plan/rollout.ts';
import type { LatencyRecord, ScenarioExpectation, TimelineRecord, Verdict } from '../result.ts';
import type { EndRecord } from '../termination/record.ts';
import type { Agreement } from './agreement.ts';
import type { RolloutAssessment } from './assess.ts';
import type { Failure } from './failures.ts';
import type { RolloutObservation } from './observation.ts';

/** The requests of all users, those of the warm-up too. */
export interface UsersRecord extends OutcomeCounts {
  readonly sent: number;
  /** `during`: they ended after the roll-out had begun. */
  readonly byPhase: Readonly<Record<'before' | 'during', OutcomeCounts>>;
  /** Those that failed during it. */
  readonly failures: readonly Failure[];
  /** Requests that the balancer sent again, whatever came of it. */
  readonly sentAgain: number;
  /** From the scheduled time to the last byte of a whole answer. */
  readonly latencyMs: Readonly<Record<'before' | 'during' | 'sentAgain', LatencyRecord>>;
}

/** What the replacement of one replica was, and what it cost. */
export interface ReplacementRecord extends EndRecord {
  /** From 1. */
  readonly replica: number;
  /** From the begin of the roll-out: the new container's start; ready and in; T0 of the old one; all over. */
  readonly startedAtMs: number;
  readonly readyAtMs: number;
  readonly t0AtMs: number;
  readonly endedAtMs: number;
  /** Of the old container, with times from its T0, as are those of its end. null where there was no hook. */
  readonly preStop: PreStopFacts | null;
  readonly signalledAtMs: number | null;
  readonly unroutedAtMs: number;
  /** Requests that the old one had at its T0, and that it was given after that. */
  readonly inFlightAtT0: number;
  readonly givenAfterT0: number;
  /** Requests that failed at the old container, and at the new one. */
  readonly failures: { readonly old: readonly Failure[]; readonly new: readonly Failure[] };
  /** Times that the balancer sent a request of the old one's again. */
  readonly sentAgain: number;
}

/** One roll-out, as it is saved. */
export interface RolloutRecord {
  readonly scenario: string | null;
  readonly target: {
    readonly reference: string;
    readonly imageId: string | null;
    readonly entrypoint: readonly string[] | null;
    readonly command: readonly string[] | null;
    readonly stopSignal: string;
  };
  /** The plan as it was run, and what `auto` became. */
  readonly plan: {
    readonly profile: RolloutPlan['profile'];
    readonly replicas: number;
    readonly graceMs: number;
    readonly routingLagMs: number;
    readonly rate: number | 'auto';
    readonly ratePerSecond: number;
    readonly path: string;
    readonly method: string;
    readonly resolved: RolloutPlan;
  };
  /** From the plan to the verdict. */
  readonly durationMs: number;
  /** From the first new container's start to the end of the last old one. */
  readonly rolloutMs: number;
  readonly verdict: Verdict;
  readonly expected: ScenarioExpectation | null;
  readonly asExpected: boolean | null;
  /** What differs from the expectation, a sentence each; empty where nothing does. */
  readonly unexpected: readonly string[];
  readonly requests: UsersRecord;
  readonly replacements: readonly ReplacementRecord[];
  /** What was counted here and what the balancer counted. */
  readonly agreement: readonly Agreement[];
  readonly findings: readonly Finding[];
  /** Times count from the begin of the roll-out. */
  readonly timeline: TimelineRecord;
  readonly observation: RolloutObservation;
  /** File name of the per-request ledger, beside the result; null where it was not saved. */
  readonly ledger: string | null;
}

/** The record of one roll-out, as it is saved. */
export function recordRollout(
  observation: RolloutObservation,
  assessment: RolloutAssessment,
  durationMs: number,
): RolloutRecord {
  const { plan, beganUs, endedUs } = observation;
  return {
    scenario: null,
    target: startedAs(observation),
    plan: { ...planInShort(observation), replicas: plan.replicas, resolved: plan },
    durationMs,
    rolloutMs: (endedUs - beganUs) / 1000,
    expected: null,
    asExpected: null,
    unexpected: [],
    ...assessment,
    observation,
    ledger: null,
  };
}
