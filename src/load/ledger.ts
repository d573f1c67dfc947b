/** No time was recorded: the request never got so far. */
export const NEVER = 0xffff_ffff;

/** How an exchange ended, as it was seen on the wire; what it is worth is judged later. */
export const ENDING = {
  /** Not ended yet. */
  open: 0,
  /** A whole response came. */
  answered: 1,
  /** The connection ended inside the response. */
  cutInside: 2,
  /** The connection ended after the request was written and before the response's first byte. */
  cutBefore: 3,
  /** No connection could be made. */
  notConnected: 4,
  /** A proxy took the connection and ended it, before anything was written. */
  proxyEnded: 5,
  /** No whole response within the request timeout. */
  deadline: 6,
  /** The harness could not do its part: no sockets, no ports. */
  fault: 7,
} as const;

export type Ending = (typeof ENDING)[keyof typeof ENDING];

/** Bits of the `flags` column. */
export const FLAG = {
  /** The plan asked for a kept-alive connection. */
  pooled: 1,
  /** The connection had carried a request before. */
  reused: 2,
  /** The app never read the request: a reset came. */
  unread: 4,
  /** The app had read the request: it ended the connection without a reset. */
  read: 8,
  /** The body's end was told by the connection's end alone, so a cut could not be told from it. */
  closeDelimited: 16,
} as const;

const COLUMNS = {
  scheduledUs: Uint32Array,
  sentUs: Uint32Array,
  firstByteUs: Uint32Array,
  endUs: Uint32Array,
  connection: Uint32Array,
  bytes: Uint32Array,
  lateBy10Us: Uint16Array,
  status: Uint16Array,
  kind: Uint8Array,
  ending: Uint8Array,
  flags: Uint8Array,
} as const;

/** The ledger's columns in the order in which they are saved. */
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export type ColumnName = keyof typeof COLUMNS;

const FIRST_CAPACITY = 1024;
const MAX_LATE_BY_10_US = 0xffff;

/**
 * A record a request, in columns of typed arrays: 31 bytes each, so that a million of them stay out of the garbage
 * collector's way. Times are microseconds from the start of the clock; the last one that fits is 71 minutes.
 */
export class Ledger {
  scheduledUs = new Uint32Array(FIRST_CAPACITY);
  /** When the request was written to its connection. */
  sentUs = new Uint32Array(FIRST_CAPACITY);
  firstByteUs = new Uint32Array(FIRST_CAPACITY);
  endUs = new Uint32Array(FIRST_CAPACITY);
  /** Number of the connection it went out on; 0 for none. */
  connection = new Uint32Array(FIRST_CAPACITY);
  /** Bytes of the response's body. */
  bytes = new Uint32Array(FIRST_CAPACITY);
  /** How late it left against the schedule, in units of 10 microseconds, at most 655 ms. */
  lateBy10Us = new Uint16Array(FIRST_CAPACITY);
  /** HTTP status, 0 for none. */
  status = new Uint16Array(FIRST_CAPACITY);
  /** Index into the plan's requests. */
  kind = new Uint8Array(FIRST_CAPACITY);
  ending = new Uint8Array(FIRST_CAPACITY);
  flags = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds an open request that leaves now and returns its row. */
  add(scheduledUs: number, nowUs: number, kind: number, flags: number): number {
    if (this.#length === this.scheduledUs.length) this.#grow();
    const row = this.#length++;
    this.scheduledUs[row] = scheduledUs;
    this.lateBy10Us[row] = Math.min(MAX_LATE_BY_10_US, Math.max(0, Math.round((nowUs - scheduledUs) / 10)));
    this.sentUs[row] = NEVER;
    this.firstByteUs[row] = NEVER;
    this.endUs[row] = NEVER;
    this.kind[row] = kind;
    this.flags[row] = flags;
    return row;
  }

  #grow(): void {
    const capacity = this.#length * 2;
    for (const name of COLUMN_NAMES) {
      const grown = new COLUMNS[name](capacity);
      grown.set(this[name]);
      Object.assign(this, { [name]: grown });
    }
  }
}
