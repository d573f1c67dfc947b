import type { HoldFacts } from '../load/hold/held.ts';
import { Ledger } from '../load/ledger.ts';
import type { ParkingFacts } from '../load/park/parking.ts';
import type { HarnessFacts } from '../observation.ts';
import type { OnProgress } from '../progress.ts';

/** What the target is at while it is stopped: our requests, jobs of its own, or its start. */
export interface Work extends AsyncDisposable {
  /** Sees to it that something is under way when the stop begins; after some seconds it begins anyway. */
  putUnderWay(abort: AbortSignal): Promise<void>;
  /** The stop has begun. Tells how the work goes until it is disposed of. */
  tellStop(onProgress: OnProgress, t0Us: number): Disposable;
  /** No new connection is made from now on; what becomes of requests over open ones is said. */
  unrouted(pooled: 'go' | 'stop'): void;
  /** The signal is sent right after this: what can be done without waiting for something to be under way then is done. */
  beforeSignal(): void;
  /** The signal has been sent. What is to be done after it is left when `stopped` is aborted. */
  signalled(stopped: AbortSignal): void;
  /** Nothing new begins: the target is gone. */
  cease(): void;
  /** What was seen, when everything has ended, or after `waitMs`. */
  facts(waitMs: number): Promise<WorkFacts>;
}

/** What was seen of the work. Times are microseconds of the run's clock. */
export interface WorkFacts {
  /** Empty where no requests were sent. */
  readonly ledger: Ledger;
  /** Requests count from then on. */
  readonly rampEndUs: number;
  readonly harness: HarnessFacts;
  readonly holds: readonly HoldFacts[];
  readonly parking: ParkingFacts;
  /** When the ready path first answered, where it was asked while the target started. */
  readonly becameReadyAtUs: number | null;
}

/** The facts of work in which no requests are sent. */
export function withoutRequests(becameReadyAtUs: number | null): WorkFacts {
  return {
    ledger: new Ledger(),
    rampEndUs: 0,
    harness: {
      ratePerSecond: 0,
      unloadedMedianMs: null,
      latenessMs: { p50: 0, p99: 0, max: 0 },
      cpuCores: 0,
      faults: 0,
      firstFault: null,
    },
    holds: [],
    parking: { mode: null, droppedBecause: null, expectedStatus: null, requests: [] },
    becameReadyAtUs,
  };
}

/** Nothing to tell. */
export const SILENT: Disposable = { [Symbol.dispose]: () => {} };
