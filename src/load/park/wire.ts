import { Duplex } from 'node:stream';

/**
 * What Node's HTTP client takes for its connection: it keeps what the client writes, so that it can be sent at another
 * pace, and hands on what the real connection reads. So requests are written and answers read by Node's own code.
 */
export class Wire extends Duplex {
  readonly #written: Buffer[] = [];

  /** Everything the client has written. */
  get written(): Buffer {
    return Buffer.concat(this.#written);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#written.push(chunk);
    done();
  }

  override _read(): void {
    // What is read is pushed as it comes.
  }
}
