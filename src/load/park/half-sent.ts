/** Where a parked request stops half-way: inside its body, or inside its block of headers. */
export type ParkMode = 'body' | 'headers';

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END_LENGTH = 2;
/** A header that only a parked request has; its value grows while it is parked. */
const GROWING_HEADER = Buffer.from('X-Parked: ');
const GROWTH = Buffer.from('x');

/** A whole request's bytes, given out so that the last of them never goes before it is asked for. */
export class HalfSent {
  readonly #message: Buffer;
  readonly #mode: ParkMode;
  readonly #headEnd: number;
  /** Bytes of the message given out. */
  #sent: number;

  constructor(message: Buffer, mode: ParkMode) {
    this.#message = message;
    this.#mode = mode;
    this.#headEnd = message.indexOf(HEAD_END) + HEAD_END.length;
    this.#sent = mode === 'body' ? this.#headEnd : this.#headEnd - LINE_END_LENGTH;
  }

  /** What goes out at once. */
  start(): Buffer {
    const start = this.#message.subarray(0, this.#sent);
    return this.#mode === 'body' ? start : Buffer.concat([start, GROWING_HEADER]);
  }

  /** One more byte; null where only the last is left, and the app has to wait for that. */
  next(): Buffer | null {
    if (this.#mode === 'headers') return GROWTH;
    if (this.#sent + 1 >= this.#message.length) return null;
    return this.#message.subarray(this.#sent, ++this.#sent);
  }

  /** All that is missing. */
  rest(): Buffer {
    if (this.#mode === 'body') return this.#message.subarray(this.#sent);
    return Buffer.concat([HEAD_END, this.#message.subarray(this.#headEnd)]);
  }
}
