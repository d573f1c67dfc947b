import type {
  AttachedFacts,
  EngineEvent,
  EngineInfo,
  ImageFacts,
  LogLine,
  ProcessReading,
  SocketTable,
  TargetAddress,
  TargetState,
} from './engines/engine.ts';
import type { HoldFacts } from './load/hold/held.ts';
import type { ParkedFacts } from './load/park/ending.ts';
import type { ParkMode } from './load/park/half-sent.ts';
import type { Plan } from './plan/plan.ts';
import type { SeenPreStop } from './termination/pre-stop.ts';
import type { SeenSidecar } from './termination/sidecars.ts';

/** An engine event with the time it reached us, on our clock, from T0. */
export interface TimedEvent extends EngineEvent {
  readonly atMs: number;
}

/** The process tree at a moment, from T0 (negative: before the stop). */
export interface ProcessSnapshot extends ProcessReading {
  readonly atMs: number;
}

/** The target's TCP sockets, with times from T0. Only those readings are kept that differ from the one before. */
export interface SocketSnapshot extends SocketTable {
  /** When the first such reading had come. */
  readonly atMs: number;
  /** When the last such reading began: until then nothing else was seen. */
  readonly untilMs: number;
}

/** A process as the kernel names it. */
export interface KernelProcess {
  /** As the kernel of this machine numbers it, so as in the process snapshots. Of a sender from outside: its thread. */
  readonly pid: number;
  /** Its name, cut by the kernel to 15 characters; this program's own is `shutdown-check`. */
  readonly name: string;
}

/** What the kernel recorded of the target's processes and of the signals that they sent and got. Times from T0. */
export type KernelEvent =
  | {
      readonly kind: 'signal';
      readonly atMs: number;
      readonly signal: string;
      readonly sender: KernelProcess;
      readonly receiver: KernelProcess;
      /** siginfo's si_code: 0 from a process, 128 from the kernel itself. */
      readonly code: number;
      /** `pending`: one of its kind waited already. */
      readonly result: 'delivered' | 'ignored' | 'pending' | 'lost';
    }
  /** A process takes it: by a handler of its own, or by the signal's default action. */
  | {
      readonly kind: 'taken';
      readonly atMs: number;
      readonly signal: string;
      readonly process: KernelProcess;
      readonly by: 'handler' | 'default';
    }
  | { readonly kind: 'fork'; readonly atMs: number; readonly process: KernelProcess; readonly parentPid: number }
  /** `command` is the file that it now runs. */
  | { readonly kind: 'exec'; readonly atMs: number; readonly process: KernelProcess; readonly command: string }
  | { readonly kind: 'exit'; readonly atMs: number; readonly process: KernelProcess };

/** The kernel as a witness; `because` continues "The kernel was not asked: …", `lost` events came faster than they were read. */
export type KernelTrace =
  | { readonly kind: 'traced'; readonly pid1: number; readonly events: readonly KernelEvent[]; readonly lost: number }
  | { readonly kind: 'untraced'; readonly because: string };

/** A line of the log that told of a job. Times from T0. */
export interface JobLine {
  readonly atMs: number;
  readonly kind: 'start' | 'end';
  /** What the pattern's first group matched; null where it has none. */
  readonly job: string | null;
}

/** What came of a preStop hook, with times from T0, when it began. */
export interface PreStopFacts extends Pick<SeenPreStop, 'end' | 'because'> {
  readonly endedAtMs: number;
}

/** How a sidecar was stopped and how it ended, with times from T0. */
export interface SidecarFacts extends Omit<SeenSidecar, 'signalledAtUs' | 'endedAtUs'> {
  /** null where it had ended by itself before its turn. */
  readonly signalledAtMs: number | null;
  readonly endedAtMs: number | null;
}

/** What the ready path said from T0 on: where it turned, and at last. */
export interface ReadinessAnswer {
  readonly atMs: number;
  readonly said: ReadinessWord;
}

/** `nothing`: no connection, or no answer in time. */
export type ReadinessWord = 'ready' | 'notReady' | 'nothing';

/** A log line with the time it reached us, from T0. */
export interface TimedLogLine extends LogLine {
  readonly atMs: number;
}

/** What was seen of a connection that was held open across the stop, with times from T0. */
export interface TimedHold extends Omit<HoldFacts, 'openedAtUs' | 'endedAtUs' | 'lastMessageAtUs'> {
  readonly openedAtMs: number;
  /** null where it never ended while it was watched. */
  readonly endedAtMs: number | null;
  readonly lastMessageAtMs: number | null;
}

/** What was seen of a request that was parked half-sent across the signal, with times from T0. */
export interface TimedParked extends Pick<ParkedFacts, 'status' | 'ending'> {
  readonly openedAtMs: number;
  /** When its last byte was written; null where it never was. */
  readonly wholeAtMs: number | null;
  readonly endedAtMs: number | null;
}

/** The requests that were to be parked. */
export interface Parking {
  /** Where they stopped half-way; null where nothing was parked. */
  readonly mode: ParkMode | null;
  /** Why nothing was parked, continuing "Nothing was parked: …"; null where something was, or nothing was asked for. */
  readonly droppedBecause: string | null;
  /** What one was answered with in the warm-up; null where nothing was parked. */
  readonly expectedStatus: number | null;
  readonly requests: readonly TimedParked[];
}

/** How the load did its own part. */
export interface HarnessFacts {
  /** Requests a second that were sent; what `auto` became, or as asked. */
  readonly ratePerSecond: number;
  /** Median time of single requests before the load; null where the rate was given. */
  readonly unloadedMedianMs: number | null;
  /** How late requests left, against the schedule. */
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Processor time of the program itself while the load ran, in cores: 0.2 is a fifth of one. null: not measured, by an earlier version. */
  readonly cpuCores: number | null;
  /** Requests that failed for the harness's own reasons, and the first reason. */
  readonly faults: number;
  readonly firstFault: string | null;
}

/** All raw facts of one run but the ledger. No opinion in it. JSON-able. Times are from T0, when the stop began. */
export interface Observation {
  readonly engine: EngineInfo;
  readonly image: ImageFacts;
  readonly plan: Plan;
  readonly target: {
    readonly id: string;
    /** null for one that was started for the run. */
    readonly attached: AttachedFacts | null;
    readonly stopSignal: string;
    readonly entrypoint: readonly string[] | null;
    readonly command: readonly string[] | null;
    /** null where nothing was sent. */
    readonly address: TargetAddress | null;
  };
  readonly harness: HarnessFacts;
  readonly holds: readonly TimedHold[];
  readonly parking: Parking;
  readonly events: readonly TimedEvent[];
  /** When the engine's stop returned, and its error where it failed. */
  readonly stopReturnedAtMs: number;
  readonly stopError: string | null;
  /** null where there was no hook. */
  readonly preStop: PreStopFacts | null;
  /** null where nobody asked. */
  readonly readiness: readonly ReadinessAnswer[] | null;
  /** In the order in which they were started; they are stopped in the opposite one. */
  readonly sidecars: readonly SidecarFacts[];
  /** Start of the signal's interval: T0, the end of preStop, or what narrowed it. */
  readonly signalFromMs: number;
  /** End of the signal's interval: the `kill` event's arrival, or what stood in for it. */
  readonly signalByMs: number;
  readonly snapshots: readonly ProcessSnapshot[];
  /** From shortly before T0 to the end; empty where they could not be read. */
  readonly sockets: readonly SocketSnapshot[];
  readonly kernel: KernelTrace;
  /** Lines that told of jobs, oldest first. */
  readonly jobs: readonly JobLine[];
  /** Jobs that were finished long before, and whose lines were too many to keep. */
  readonly jobsForgotten: number;
  /**
   * When the ready path first answered, where the stop was to come while it started; negative: it was ready before. null
   * where it never did, was not asked, or was stopped when ready.
   */
  readonly becameReadyAtMs: number | null;
  /** The last lines of output before the end, and earlier ones that the plan's `logMatch` matches; oldest first. */
  readonly logs: readonly TimedLogLine[];
  readonly logLinesDropped: number;
  readonly exit: TargetState & {
    /** When the engine's word of it reached us. */
    readonly atMs: number | null;
    /** When its process ended, by the clock that the engine shares with us; null where it shares none. */
    readonly processEndedAtMs: number | null;
  };
  /** Microseconds from the ledger's own start to T0. */
  readonly t0Us: number;
  /** Microseconds from the ledger's own start to the end of the ramp; earlier requests do not count. */
  readonly rampEndUs: number;
}
