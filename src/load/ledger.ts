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
  /** The server said that it did not and will not act on it: an HTTP/2 stream refused, or above GOAWAY's last id. */
  streamRefused: 8,
} as const;

export type Ending = (typeof ENDING)[keyof typeof ENDING];

/** Bits of the `flags` column. */
export const FLAG = {
  /** The plan asked for a kept-alive connection. */
  pooled: 1,
  /** The connection had carried a request before. */
  reused: 2,
  /** A reset came, which says that the app never read the request; see `reading.ts` for where that does not hold. */
  reset: 4,
  /** A FIN came. Alone it says that the app had read the request, with `reset` that it had closed before that came. */
  fin: 8,
  /** The body's end was told by the connection's end alone, so a cut could not be told from it. */
  closeDelimited: 16,
  /** It was written to its connection. */
  sent: 32,
} as const;

const COLUMNS = {
  scheduledUs: Uint32Array,
  sentUs: Uint32Array,
  firstByteUs: Uint32Array,
  endUs: Uint32Array,
  connection: Uint32Array,
  bytes: Uint32Array,
  status: Uint16Array,
  kind: Uint8Array,
  ending: Uint8Array,
  flags: Uint8Array,
} as const;

/** The ledger's columns in the order in which they are saved. */
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export type ColumnName = keyof typeof COLUMNS;

/** Bytes of memory that a row takes. */
export const ROW_BYTES = Object.values(COLUMNS).reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0);

/** Room grows by so many rows at a time, in place. */
const STEP_ROWS = 4096;
/** Room that may be asked for; only what is used takes memory. At 20,000 a second it lasts for 13 minutes. */
const MAX_ROWS = 2 ** 24;

/** A column that grows in place: no copy, and no twice the memory while one is made. */
function column<Column>(type: new (buffer: ArrayBuffer) => Column, bytesEach: number): Column {
  return new type(new ArrayBuffer(STEP_ROWS * bytesEach, { maxByteLength: MAX_ROWS * bytesEach }));
}

/**
 * A record a request, in columns of typed arrays: 29 bytes each, so that a million of them stay out of the garbage
 * collector's way. Times are microseconds from the start of the clock; the last one that fits is 71 minutes.
 */
export class Ledger {
  readonly scheduledUs = column(Uint32Array, 4);
  /** When the request was written to its connection; where it never was (no `sent` flag), when it left the schedule. */
  readonly sentUs = column(Uint32Array, 4);
  readonly firstByteUs = column(Uint32Array, 4);
  readonly endUs = column(Uint32Array, 4);
  /** Number of the connection it went out on; 0 for none. */
  readonly connection = column(Uint32Array, 4);
  /** Bytes of the response's body. */
  readonly bytes = column(Uint32Array, 4);
  /** HTTP status, 0 for none; of gRPC the status of the same meaning. */
  readonly status = column(Uint16Array, 2);
  /** Index into the plan's requests. */
  readonly kind = column(Uint8Array, 1);
  readonly ending = column(Uint8Array, 1);
  readonly flags = column(Uint8Array, 1);
  #length = 0;
  #room = STEP_ROWS;

  get length(): number {
    return this.#length;
  }

  /**
   * Adds an open request that leaves now and returns its row.
   * @throws RangeError past 16,777,216 rows.
   */
  add(scheduledUs: number, nowUs: number, kind: number, flags: number): number {
    if (this.#length === this.#room) this.#grow();
    const row = this.#length++;
    this.scheduledUs[row] = scheduledUs;
    this.sentUs[row] = nowUs;
    this.firstByteUs[row] = NEVER;
    this.endUs[row] = NEVER;
    this.kind[row] = kind;
    this.flags[row] = flags;
    return row;
  }

  has(row: number, flag: number): boolean {
    return ((this.flags[row] ?? 0) & flag) !== 0;
  }

  flag(row: number, flags: number): void {
    this.flags[row] = (this.flags[row] ?? 0) | flags;
  }

  #grow(): void {
    this.#room += STEP_ROWS;
    for (const name of COLUMN_NAMES) {
      const { buffer, BYTES_PER_ELEMENT } = this[name];
      buffer.resize(this.#room * BYTES_PER_ELEMENT);
    }
  }
}
