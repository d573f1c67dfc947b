import type { EngineInfo, ImageFacts, TargetState, Via } from '../engines/engine.ts';
import type { HarnessFacts, PreStopFacts, TimedEvent } from '../observation.ts';
import type { RolloutPlan } from '../plan/rollout.ts';
import type { BalancerLog } from './balancer-log.ts';
import type { BalancerCounters, ServerCounters } from './balancer-stats.ts';

/** What was seen of the replacement of one replica. */
export interface Replacement {
  /** From 1. */
  readonly replica: number;
  /** The new one's start, and when it was ready and in; when the stop of the old one began (its T0), and when that had
   * ended and the balancer sent it nothing any more. From the begin of the roll-out. */
  readonly startedAtMs: number;
  readonly readyAtMs: number;
  readonly t0AtMs: number;
  readonly endedAtMs: number;
  /** Of the old one, as everything below, with times from its T0. null where there was no hook. */
  readonly preStop: PreStopFacts | null;
  /** Right before the stop signal was sent; null where it had ended before. */
  readonly signalledAtMs: number | null;
  /** From then on the balancer gave it no new request. */
  readonly unroutedAtMs: number;
  readonly stopReturnedAtMs: number;
  /** What the engine said where it could not stop it. */
  readonly stopError: string | null;
  readonly events: readonly TimedEvent[];
  readonly exit: TargetState & {
    /** When the engine's word of it reached us. */
    readonly atMs: number | null;
  };
  /** The balancer's counters of it at its T0. */
  readonly atT0: ServerCounters;
}

/** All raw facts of one roll-out but the ledger. No opinion in it. JSON-able. */
export interface RolloutObservation {
  readonly engine: EngineInfo;
  readonly image: ImageFacts;
  readonly plan: RolloutPlan;
  readonly target: {
    readonly stopSignal: string;
    readonly entrypoint: readonly string[] | null;
    readonly command: readonly string[] | null;
    /** How the balancer reached the replicas. */
    readonly via: Via;
  };
  readonly balancer: {
    readonly version: string;
    /** Its counters since its start: when the roll-out began, and when the last user had left. */
    readonly before: BalancerCounters;
    readonly after: BalancerCounters;
    /** What its log said of requests, over the same time as the counters after. */
    readonly log: BalancerLog;
  };
  readonly harness: HarnessFacts;
  readonly replacements: readonly Replacement[];
  /** Microseconds from the ledger's own start to the end of the ramp. */
  readonly rampEndUs: number;
  /** The same to the begin of the roll-out. */
  readonly beganUs: number;
  /** The same to the end of the last replacement. */
  readonly endedUs: number;
}
