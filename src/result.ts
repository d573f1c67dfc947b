import type { BaselineRecord } from './baseline/record.ts';
import type { BudgetRecord } from './budget/record.ts';
import type { EngineInfo, TargetAddress } from './engines/engine.ts';
import type { Finding } from './diagnosis/finding.ts';
import type { Phase } from './load/classify.ts';
import type { OutcomeCounts } from './load/outcomes.ts';
import type { Observation, PreStopFacts, SidecarFacts } from './observation.ts';
import type { Plan } from './plan/plan.ts';
import type { Remedy } from './proof/change.ts';
import type { RepeatRecord } from './repeat/record.ts';
import type { RolloutRecord } from './rollout/record.ts';

export const SCHEMA_VERSION = 1;

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/**
 * A signal the target got. The stop's own are the engine's, or, of a command in a PID namespace, the harness's; `other` is
 * somebody else's through the engine.
 */
export interface SignalRecord {
  readonly signal: string;
  readonly atMs: number;
  readonly sender: 'engine' | 'harness' | 'kernel' | 'other';
}

/** What the ready path said from T0 on. */
export type ReadinessRecord =
  /** It answered ready to the end, long after the signal. */
  | { readonly stayedUp: true; readonly notReadyAtMs: number | null; readonly lastReadyAtMs: number }
  | { readonly stayedUp: false; readonly notReadyAtMs: number | null; readonly lastReadyAtMs: number | null };

/** How the target was stopped and how it ended. Times count from T0. */
export interface TerminationRecord {
  readonly signals: readonly SignalRecord[];
  /** By the engine's escalation only; null where it could not be told. */
  readonly sigkillFired: boolean | null;
  readonly sigkillEvidence: 'event' | 'inferred' | null;
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  readonly exitedAtMs: number | null;
  /** When the first connection after T0 was refused, with none accepted later; null where none was. */
  readonly listenerClosedAtMs: number | null;
  /** From the signal to the end of the last request that was in flight when it came; null where none was. */
  readonly drainMs: number | null;
  /** What came of the preStop hook; null where there was none. */
  readonly preStop: PreStopFacts | null;
  /** null where nobody asked. */
  readonly readiness: ReadinessRecord | null;
  /** In the order in which they were started; empty where there were none. */
  readonly sidecars: readonly SidecarFacts[];
}

/** Exact percentiles over answered requests. Milliseconds; null where there was none. */
export interface LatencyRecord {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface RequestsRecord extends OutcomeCounts {
  readonly sent: number;
  /** The parts of `lost` that the app had read, that it had not, and where that could not be told. */
  readonly lostRead: number;
  readonly lostUnread: number;
  readonly lostUnknown: number;
  readonly inFlightAtSignal: number;
  /** Requests that the verdict holds against the target: what the stop cost. */
  readonly heldAgainst: number;
  readonly byPhase: Readonly<Record<Phase, OutcomeCounts>>;
  readonly byConnection: Readonly<Record<'fresh' | 'pooled', OutcomeCounts>>;
  /** From the scheduled time: what a client that comes on its own time waits. */
  readonly latencyMs: Readonly<Record<'before' | 'after', LatencyRecord>>;
  /** From the time it was written: what the target took. Differs by connecting, and by what the harness was late. */
  readonly latencyFromSentMs: Readonly<Record<'before' | 'after', LatencyRecord>>;
}

/** What became of a worker's jobs, as its log tells. */
export interface JobsRecord {
  readonly started: number;
  readonly finished: number;
  /** Started, and never finished: what the stop cost. */
  readonly lost: number;
  /** The least number over the signal's interval. */
  readonly underWayAtSignal: number;
}

/** A process of the target; the masks say whether it caught the stop signal before it came and after. */
export interface ProcessRecord {
  readonly pid: number;
  readonly ppid: number;
  readonly isPid1: boolean;
  readonly command: string;
  readonly catchesBefore: boolean | null;
  readonly catchesAfter: boolean | null;
  /** How it meets the stop signal where it does not catch it; null: not known, or with the default action. */
  readonly otherwise: 'ignores' | 'blocks' | 'waits' | null;
  /** When it was first seen to be gone while others were still there, from T0; null where it stayed to the end. */
  readonly goneByMs: number | null;
}

/** Requests, or jobs where there are no requests, over time for a drawing, by the time they ended; times count from T0. */
export interface TimelineRecord {
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly completed: readonly number[];
  /** Lost, truncated, timed out, bad status, rejected, ambiguous; of jobs: lost. */
  readonly failed: readonly number[];
  readonly refused: readonly number[];
  /** Requests in flight, or jobs under way, when the bucket starts. */
  readonly inFlight: readonly number[];
}

/** A change that was tried on a failing run, and what came of it. */
export interface ProofRecord {
  readonly remedy: Remedy;
  /** What was changed, as words: `--init`, `STOPSIGNAL SIGQUIT`, `grace period 40 s`. */
  readonly change: string;
  /** The changes that it was made on top of, as words, in order; empty where it was made alone. */
  readonly after: readonly string[];
  /** null where it was not run. */
  readonly verdict: Verdict | null;
  /** Why it was not run, continuing "Not tried: …"; null where it was. */
  readonly skippedBecause: string | null;
  /** The figures that tell the runs apart, lost jobs among `heldAgainst`; null where it was not run. */
  readonly heldAgainst: number | null;
  readonly sigkillFired: boolean | null;
  readonly exitCode: number | null;
  readonly exitedAtMs: number | null;
  readonly cause: string | null;
  /** The lines to write where it passed, those of `after` included: of a Dockerfile, of a Compose file, of a manifest. */
  readonly lines: readonly { readonly where: string; readonly text: string }[];
}

export interface RunRecord {
  readonly scenario: string | null;
  readonly target: {
    readonly reference: string;
    /** null where a program of this machine was run. */
    readonly imageId: string | null;
    readonly entrypoint: readonly string[] | null;
    readonly command: readonly string[] | null;
    readonly stopSignal: string;
    /** `host:port`; null where nothing was sent. */
    readonly address: string | null;
    readonly via: TargetAddress['via'] | null;
  };
  /** The plan as it was run, and what `auto` became. */
  readonly plan: {
    readonly profile: Plan['profile'];
    readonly graceMs: number;
    readonly routingLagMs: number;
    readonly rate: number | 'auto';
    readonly ratePerSecond: number;
    readonly path: string;
    readonly method: string;
    readonly resolved: Plan;
  };
  /** From the plan to the verdict. */
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly expected: ScenarioExpectation | null;
  readonly asExpected: boolean | null;
  /** What differs from the expectation, a sentence each; empty where nothing does. */
  readonly unexpected: readonly string[];
  readonly termination: TerminationRecord;
  readonly requests: RequestsRecord;
  /** null where none were watched for. */
  readonly jobs: JobsRecord | null;
  readonly processes: readonly ProcessRecord[];
  readonly findings: readonly Finding[];
  readonly proofs: readonly ProofRecord[];
  readonly timeline: TimelineRecord;
  /** Raw facts, all that the findings were made from beside the ledger. */
  readonly observation: Observation;
  /** File name of the per-request ledger, beside the result; null where it was not saved. */
  readonly ledger: string | null;
}

/** What the stop cost: the requests held against the target, and its lost jobs. */
export function costOf({ requests, jobs }: Pick<RunRecord, 'requests' | 'jobs'>): number {
  return requests.heldAgainst + (jobs?.lost ?? 0);
}

/** What a scenario says its app does, in a roll-out each of its replicas. A field left out is not checked. */
export interface ScenarioExpectation {
  readonly verdict: Verdict;
  /** Codes that must be among the findings. */
  readonly findings?: readonly string[];
  /** They take the place of `findings` where the kernel's own record was not read, and nothing else can tell the cause. */
  readonly findingsUntraced?: readonly string[];
  /** Codes that must not be among them: what it looks like, and is not. */
  readonly notFindings?: readonly string[];
  readonly sigkill?: boolean;
  readonly exitCode?: number;
  /** Of a roll-out: users lost requests at every replica. */
  readonly lostAtEvery?: boolean;
}

/** What is saved. Every report is made from it. */
export interface Result {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: { readonly name: 'shutdown-check'; readonly version: string };
  readonly engine: EngineInfo;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The worst run's: fail before inconclusive before pass. */
  readonly verdict: Verdict;
  /** Whether every scenario was as expected; null where there was no expectation. */
  readonly asExpected: boolean | null;
  readonly runs: readonly RunRecord[];
  /** What the runs come to, where they are those of a budget; left out where they are not. */
  readonly budget?: BudgetRecord;
  /** What runs of the same plan come to, a record for each plan; left out where each was run once. */
  readonly repeats?: readonly RepeatRecord[];
  /** What it is held against; left out where there was nothing. */
  readonly baseline?: BaselineRecord;
  /** Roll-outs; left out where there were none. */
  readonly rollouts?: readonly RolloutRecord[];
}

/** What a run is called: as a scenario, by the user, as a service of a file, or by what was named to be run. */
export function nameOf({ scenario, plan, target }: Pick<RunRecord, 'scenario' | 'plan' | 'target'>): string {
  return scenario ?? plan.resolved.name ?? plan.resolved.service ?? target.reference;
}

/** Everything that was judged in a result. */
export function recordsOf({ runs, rollouts = [] }: Result): readonly (RunRecord | RolloutRecord)[] {
  return [...runs, ...rollouts];
}
