import { Client } from 'undici';

import { type Dialing, dial } from '../connect.ts';
import { hostPort } from '../transport.ts';
import type { Connection } from '../connection.ts';

const noDial = (): void => {};

/**
 * One place for a request at a time: an undici client with a single connection, which it opens anew when it has to.
 * With `pipelining: 1` and never more than one request in it, undici has nothing that it could send again.
 */
export class Place {
  /** The connection in use, or the last one. */
  connection: Connection | null = null;
  /** Why the last attempt to connect failed; null where it did not. */
  connectError: Error | null = null;
  #giveUpDial: () => void = noDial;
  readonly client: Client;
  readonly isPooled: boolean;

  constructor(dialing: Dialing, isPooled: boolean) {
    this.isPooled = isPooled;
    // The scheme is only a name here: what is spoken under HTTP was settled when the connection was made.
    this.client = new Client(`http://${hostPort(dialing.address)}`, {
      pipelining: 1,
      // Deadlines are the load's own: undici's overshoot by up to half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, done) => {
        this.#giveUpDial = dial(dialing, (error, connection) => {
          this.#giveUpDial = noDial;
          this.connectError = error;
          if (error) return done(error, null);
          this.connection = connection;
          done(null, connection.socket);
        });
      },
    });
  }

  /** Whether a request finds a connection here that the server has not closed. */
  get isConnected(): boolean {
    const { connection } = this;
    return connection !== null && connection.endedAtUs === null && !connection.socket.destroyed;
  }

  /** Ends its connection, with whatever is out on it, and one that is still being made; it takes no more requests. */
  async end(): Promise<void> {
    // undici does not know of a connection before it is made.
    this.#giveUpDial();
    await this.client.destroy(new Error('given up'));
  }
}
