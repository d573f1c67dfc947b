import { type ClientHttp2Session, connect } from 'node:http2';

import { type Dialing, dial } from '../connect.ts';
import { hostPort } from '../transport.ts';
import type { Connection } from '../connection.ts';

/** More streams than this on one connection wait at most servers, whatever they allow (RFC 9113, 6.5.2 advises 100). */
const MAX_STREAMS = 100;

/** An HTTP/2 connection that is up, and what is known of it. */
export class Session {
  readonly connection: Connection;
  readonly http2: ClientHttp2Session;
  /** Streams that are open. */
  open = 0;
  #isLeaving = false;
  /** Of its GOAWAY: the last stream that the server has begun with, or may begin with. */
  #lastStreamId = Infinity;

  constructor(connection: Connection, http2: ClientHttp2Session) {
    this.connection = connection;
    this.http2 = http2;
    const leave = (): void => void (this.#isLeaving = true);
    http2.once('close', leave).on('error', leave);
    // A server that drains in two steps first allows any, and says later which was the last.
    http2.on('goaway', (_code: number, lastStreamId: number) => {
      leave();
      this.#lastStreamId = lastStreamId;
    });
  }

  /** Whether the server's GOAWAY says that it has not begun with a stream. Node tells it only where no error came with it. */
  leavesOut(streamId: number | undefined): boolean {
    return streamId !== undefined && streamId > this.#lastStreamId;
  }

  /** Whether it takes another stream. */
  get isFree(): boolean {
    if (this.#isLeaving || this.http2.closed || this.http2.destroyed) return false;
    return this.open < Math.min(MAX_STREAMS, this.http2.remoteSettings.maxConcurrentStreams ?? MAX_STREAMS);
  }

  /** Ends it at once, with whatever is open on it. */
  async end(): Promise<void> {
    if (this.http2.destroyed) return;
    await new Promise<void>((resolve) => {
      this.http2.once('close', resolve);
      this.http2.destroy();
      // A session that was leaving would wait for the peer's FIN.
      this.connection.socket.destroy();
    });
  }
}

/** Gets a session, or why there is none. */
export type Opened = (...result: [error: null, session: Session] | [error: Error, session: null]) => void;

/**
 * Opens an HTTP/2 connection. Calls back once, when the server's first SETTINGS have come, as gRPC's clients do it:
 * before that nobody may have accepted the connection, and what is sent on it could not be told from what was dropped.
 *
 * @returns Gives it up.
 */
export function openSession(dialing: Dialing, done: Opened): () => void {
  return dial(dialing, (error, connection) => {
    if (error) return done(error, null);
    const http2 = connect(`${dialing.tls === null ? 'http' : 'https'}://${hostPort(dialing.address)}`, {
      createConnection: () => connection.socket,
    });
    let why: Error = new Error('the connection ended before the server spoke HTTP/2');
    const failed = (): void => done(why, null);
    http2.on('error', (cause: Error) => (why = cause));
    http2.once('close', failed);
    http2.once('remoteSettings', () => {
      http2.off('close', failed);
      done(null, new Session(connection, http2));
    });
  });
}
