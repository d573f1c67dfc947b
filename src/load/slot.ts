import { Client } from 'undici';

import type { TargetAddress } from '../engines/engine.ts';
import { holdForProxy, WitnessSocket } from './connection.ts';

/** What the slots of one load share. */
export interface SlotContext {
  readonly address: TargetAddress;
  readonly nowUs: () => number;
  /** Numbers for connections, from 1. */
  readonly nextConnection: () => number;
}

/**
 * One place for a request at a time: an undici client with a single connection, which it opens anew when it has to.
 * With `pipelining: 1` and never more than one request in it, undici has nothing that it could send again.
 */
export class Slot {
  /** The connection in use, or the last one. */
  socket: WitnessSocket | null = null;
  /** Requests written to `socket` so far. */
  requestsOnSocket = 0;
  /** Why the last attempt to connect failed; null where it did not. */
  connectError: Error | null = null;
  readonly client: Client;
  readonly #context: SlotContext;

  constructor(context: SlotContext) {
    this.#context = context;
    this.client = new Client(`http://${hostPort(context.address)}`, {
      pipelining: 1,
      // Deadlines are the load's own: undici's overshoot by up to half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, done) => this.#connect(done),
    });
  }

  #connect(done: (...result: [null, WitnessSocket] | [Error, null]) => void): void {
    const { address, nowUs, nextConnection } = this.#context;
    const socket = new WitnessSocket(nextConnection(), nowUs);
    const failed = (error: Error): void => {
      this.connectError = error;
      done(error, null);
    };
    const connected = (): void => {
      this.connectError = null;
      this.socket = socket;
      this.requestsOnSocket = 0;
      done(null, socket);
    };
    socket.once('error', failed);
    socket.connect({ host: address.host, port: address.port }, () => {
      socket.off('error', failed);
      if (address.via !== 'published-port') return connected();
      holdForProxy(socket, (error) => (error ? failed(error) : connected()));
    });
  }
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(address: TargetAddress): string {
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
