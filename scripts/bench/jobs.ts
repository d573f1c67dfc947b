/** What a client process is to do. Rates are a second. */
export type Job = { readonly port: number } & (
  | { readonly client: 'ours-closed' | 'ours-full-open' | 'dispatch'; readonly connections: number }
  | { readonly client: 'ours-open'; readonly ratePerSecond: number; readonly pooled: boolean }
  | { readonly client: 'autocannon'; readonly connections: number; readonly ratePerSecond: number | null }
);

/** A client at a rate runs so long before anything of it counts. */
export const WARM_MS = 1000;
/** The same at full speed, where most of the compiler's work would count otherwise. */
export const FULL_WARM_MS = 2500;
/** Then it is measured for so long. */
export const MEASURE_MS = 2000;

/** What a client did while it was measured. */
export interface Measured {
  /** Requests that were answered. */
  readonly requests: number;
  readonly wallMs: number;
  /** User and system time of the whole process. */
  readonly cpuMs: number;
  /** Requests that the client could not send for reasons of its own; 0 for the peers, which do not tell. */
  readonly faults: number;
  /** How late requests left against the schedule; null without one, and for the peers, which do not tell. */
  readonly lateness: Lateness | null;
}

/** The same, with the whole processor time of the client's process, its start and warming up included. */
export interface Reported extends Measured {
  readonly totalCpuMs: number;
}

export interface Lateness {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** A load without a measured part. */
export interface PlainLoad {
  readonly port: number;
  readonly pooled: boolean;
  readonly send: { readonly ratePerSecond: number } | { readonly atOnce: number };
  /** So long requests are sent; those in flight are waited for. */
  readonly forMs: number;
}

export interface PlainLoadResult {
  /** How many requests ended in each way. */
  readonly endings: Readonly<Record<string, number>>;
  readonly scheduled: number;
  readonly faults: number;
  readonly firstFault: string | null;
  readonly lateness: Lateness | null;
}

/** What autocannon is to run, and for how many seconds. */
export interface PlainAutocannon {
  readonly port: number;
  readonly connections: number;
  readonly ratePerSecond: number | null;
  readonly seconds: number;
}

/** What a server does wrong, and how often. */
export interface FaultyServer {
  readonly fault: 'fin' | 'cut' | 'hold';
  readonly times: number;
}

/** So many ledgers of so many records are weighed. */
export interface LedgerWeight {
  readonly ledgers: number;
  readonly records: number;
}

/** What one ledger weighs: the columns of its records, and the memory of the process that it takes. */
export interface LedgerWeightResult {
  readonly residentBytes: number;
  readonly columnBytes: number;
}
