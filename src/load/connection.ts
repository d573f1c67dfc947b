import type net from 'node:net';

/** After a FIN the reset that tells an unread request follows within a round trip; so long it is waited for. */
export const RESET_WAIT_MS = 30;
/** A write that the peer does not take is given up after so long. */
const STUCK_MS = 200;

/**
 * What is known of whether the app had read a request whose connection ended without an answer: `read`, a FIN and
 * nothing more; `unread`, a reset; `closedBefore`, a reset that followed a FIN, so the app had closed before it came.
 */
export type ReadEvidence = 'read' | 'unread' | 'closedBefore' | 'unknown';

/**
 * A connection that remembers how its peer ended it. A reset means that the app never read what was sent. A plain FIN may be
 * followed by one: the app closed first and the request arrived after. So where an answer is still owed, a FIN does not
 * end the connection at once; it stays half-open, and a byte written a moment later fails if a reset came. (RFC 9293,
 * 3.10.7: data for a closed socket is answered by a reset.)
 *
 * That takes a socket that allows half-open. Whoever else uses it goes on as if it were not watched.
 */
export class Connection {
  /** Set by its user while a request is out and no byte of the response has come. */
  awaitsFirstByte = false;
  /** When the peer's FIN or reset was seen, microseconds of the run's clock; null while neither was. */
  endedAtUs: number | null = null;
  /** Requests written so far. */
  requests = 0;
  /** Number of this connection in the run, from 1. */
  readonly number: number;
  readonly socket: net.Socket;
  readonly #nowUs: () => number;
  readonly #destroySocket: net.Socket['destroy'];
  #evidence: ReadEvidence = 'unknown';
  #probing = false;

  constructor(socket: net.Socket, number: number, nowUs: () => number) {
    this.socket = socket;
    this.number = number;
    this.#nowUs = nowUs;
    this.#destroySocket = socket.destroy.bind(socket);
    socket.destroy = (error) => this.#destroy(error);
    socket.once('end', () => (this.endedAtUs ??= nowUs()));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#sawError(error));
  }

  /** Whether the app had read the request that was out when the connection ended. */
  get readEvidence(): ReadEvidence {
    return this.#evidence;
  }

  #destroy(error: Error | undefined): net.Socket {
    const finFirst = this.endedAtUs !== null && this.awaitsFirstByte && this.#evidence === 'unknown';
    if (!finFirst || this.socket.destroyed) return this.#destroySocket(error);
    if (!this.#probing) this.#probe(error);
    return this.socket;
  }

  #probe(error: Error | undefined): void {
    this.#probing = true;
    setTimeout(() => {
      // Behind a body that the peer no longer takes, the byte would wait for ever.
      const stuck = setTimeout(() => this.#destroySocket(error), STUCK_MS);
      // An empty line before a request is ignored by HTTP servers (RFC 9112, 2.2), so this byte harms nothing.
      this.socket.write('\r', (failure) => {
        clearTimeout(stuck);
        if (this.#evidence === 'unknown') this.#evidence = failure ? 'closedBefore' : 'read';
        this.#destroySocket(error);
      });
    }, RESET_WAIT_MS);
  }

  #sawError(error: NodeJS.ErrnoException): void {
    const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
    if (isReset && this.#evidence !== 'read') this.#evidence = this.endedAtUs === null ? 'unread' : 'closedBefore';
    this.endedAtUs ??= this.#nowUs();
  }
}
