/** What is said of a run: a stable code, how bad it is, and words that a tired engineer understands at once. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** What to change, quoting the target's own command where it can; null where there is nothing to do. */
  readonly advice: string | null;
  /** The figures and names behind the message. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** At most one of these a run, and the first that matches wins. */
export const CAUSES = [
  'OOM_KILLED',
  'LOST_AT_STARTUP',
  'SHELL_IS_PID1',
  'SIGNAL_NOT_FORWARDED',
  'NAMESPACE_TEARDOWN',
  'PID1_NO_HANDLER',
  'DEFAULT_ACTION_DEATH',
  'WRONG_STOP_SIGNAL',
  'STUCK_ON_CONNECTIONS',
  'PRESTOP_EXHAUSTED_GRACE',
  'HANDLER_EXCEEDS_GRACE',
  'ABRUPT_EXIT',
  'CAUSE_UNCLEAR',
] as const;

/** What followed, or what the run is worth; any number a run. */
export const CONSEQUENCES = [
  'IN_FLIGHT_LOST',
  'LATE_LOST',
  'JOBS_LOST',
  'REFUSED_WHILE_ROUTED',
  'REJECTED_IN_FLIGHT',
  'FAILED_WHILE_DRAINING',
  'HELD_CUT',
  'PARKED_LOST',
  'PRESTOP_FAILED',
  'READINESS_STAYED_UP',
  'SIDECAR_KILLED',
  'UNEXPECTED_EXIT_CODE',
  'OVER_BUDGET',
  'KEEPALIVE_RESET',
  'BACKLOG_RESET',
  'NOTHING_IN_FLIGHT',
  'NOTHING_WATCHED',
  'READY_BEFORE_SIGNAL',
  'UNHEALTHY_BEFORE_SIGNAL',
  'HARNESS_LIMIT',
  'TOO_AMBIGUOUS',
  'HELD_ENDED_EARLY',
  'PARK_DROPPED',
] as const;

/** What users saw of a roll-out, or what it is worth; any number each. */
export const ROLLOUT_CODES = [
  'LOST_IN_ROLLOUT',
  'KILLED_IN_ROLLOUT',
  'SENT_AGAIN',
  'REPLICA_IDLE',
  'UNHEALTHY_BEFORE_ROLLOUT',
  'COUNTS_DISAGREE',
] as const;

export type CauseCode = (typeof CAUSES)[number];
export type ConsequenceCode = (typeof CONSEQUENCES)[number];
export type RolloutCode = (typeof ROLLOUT_CODES)[number];
export type FindingCode = CauseCode | ConsequenceCode | RolloutCode;

/** The finding that says why, where there is one. */
export function causeOf({ findings }: { readonly findings: readonly Finding[] }): Finding | null {
  return findings.find(({ code }) => CAUSES.some((cause) => cause === code)) ?? null;
}
