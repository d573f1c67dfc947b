import net from 'node:net';

/** After a FIN the reset that tells an unread request follows within a round trip; so long it is waited for. */
const RESET_WAIT_MS = 30;
/** Through a proxy a fresh connection is held so long before it is used, to see whether anything stands behind it. */
const PROXY_HOLD_MS = 5;

/** What is known of whether the app had read a request whose connection ended without an answer. */
export type ReadEvidence = 'read' | 'unread' | 'unknown';

/** The engine's proxy took the connection and ended it before anything was written on it. */
export class EndedByProxyError extends Error {
  override readonly name = 'EndedByProxyError';
}

/**
 * A TCP connection that remembers how its peer ended it. A reset means that the app never read what was sent. A plain
 * FIN may be followed by one: the app closed first and the request arrived after. So where an answer is still owed,
 * a FIN does not end the connection at once; it stays half-open, and a byte written a moment later fails if a reset
 * came. (RFC 9293, 3.10.7: data for a closed socket is answered by a reset.)
 */
export class WitnessSocket extends net.Socket {
  /** Set by its user while a request is out and no byte of the response has come. */
  awaitsFirstByte = false;
  /** When the peer's FIN or reset was seen, microseconds of the run's clock; null while neither was. */
  endedAtUs: number | null = null;
  /** Number of this connection in the run, from 1. */
  readonly number: number;
  #evidence: ReadEvidence = 'unknown';
  #probing = false;
  readonly #nowUs: () => number;

  constructor(number: number, nowUs: () => number) {
    super({ allowHalfOpen: true });
    this.number = number;
    this.#nowUs = nowUs;
    this.setNoDelay(true);
    this.once('end', () => (this.endedAtUs ??= nowUs()));
    this.on('error', (error: NodeJS.ErrnoException) => this.#sawError(error));
  }

  /** Whether the app had read the request that was out when the connection ended. */
  get readEvidence(): ReadEvidence {
    return this.#evidence;
  }

  override destroy(error?: Error): this {
    const finFirst = this.endedAtUs !== null && this.awaitsFirstByte && this.#evidence === 'unknown';
    if (!finFirst || this.destroyed) return super.destroy(error);
    if (!this.#probing) this.#probe(error);
    return this;
  }

  #probe(error: Error | undefined): void {
    this.#probing = true;
    setTimeout(() => {
      // An empty line before a request is ignored by HTTP servers (RFC 9112, 2.2), so this byte harms nothing.
      this.write('\r', (failure) => {
        if (this.#evidence === 'unknown') this.#evidence = failure ? 'unread' : 'read';
        super.destroy(error);
      });
    }, RESET_WAIT_MS);
  }

  #sawError(error: NodeJS.ErrnoException): void {
    this.endedAtUs ??= this.#nowUs();
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') this.#evidence = 'unread';
  }
}

/** Waits on a fresh connection for a proxy to give it up. The callback gets an error when it did. */
export function holdForProxy(socket: WitnessSocket, done: (error: Error | null) => void): void {
  // A paused stream tells its end only when read.
  const read = (): void => {
    const early = socket.read() as Buffer | null;
    if (early !== null) socket.unshift(early);
  };
  const settle = (error: Error | null): void => {
    clearTimeout(timer);
    socket.off('readable', read).off('end', ended).off('error', ended);
    done(error);
  };
  const ended = (): void => {
    settle(new EndedByProxyError('ended by the proxy before use'));
    socket.destroy();
  };
  const timer = setTimeout(() => settle(null), PROXY_HOLD_MS);
  socket.on('readable', read).once('end', ended).once('error', ended);
}
