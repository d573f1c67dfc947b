import net from 'node:net';
import tls from 'node:tls';

import type { TargetAddress } from '../engines/engine.ts';
import type { TlsOptions } from './tls.ts';
import { Connection } from './connection.ts';

/** Through a proxy a fresh connection is held so long before it is used, to see whether anything stands behind it. */
const PROXY_HOLD_MS = 5;

/** Where and how connections are made; what the connections of one load share. */
export interface Dialing {
  readonly address: TargetAddress;
  /** null: in the clear. */
  readonly tls: TlsOptions | null;
  /** What is spoken over TLS, as ALPN names it. */
  readonly alpn: 'http/1.1' | 'h2';
  readonly nowUs: () => number;
  /** Numbers for connections, from 1. */
  readonly nextConnection: () => number;
}

/** The engine's proxy took the connection and ended it before anything was written on it. */
export class EndedByProxyError extends Error {
  override readonly name = 'EndedByProxyError';
}

/** The server took the connection and chose no HTTP/2. */
export class NoHttp2Error extends Error {
  override readonly name = 'NoHttp2Error';
}

/** Gets a connection that is ready for use, or why there is none. */
export type Dialed = (...result: [error: null, connection: Connection] | [error: Error, connection: null]) => void;

/**
 * Makes one connection, watched from its start. Calls back once.
 *
 * @returns Gives it up; where it is still being made, the callback gets an error.
 */
export function dial(dialing: Dialing, done: Dialed): () => void {
  const { address, nowUs, nextConnection } = dialing;
  const socket = openSocket(dialing);
  const connection = new Connection(socket, nextConnection(), nowUs);
  const failed = (error: Error): void => done(error, null);
  socket.setNoDelay(true);
  socket.once('error', failed);
  socket.once(dialing.tls === null ? 'connect' : 'secureConnect', () => {
    socket.off('error', failed);
    const wrong = wrongProtocol(socket, dialing);
    if (wrong) {
      socket.destroy();
      return done(wrong, null);
    }
    // Over TLS the handshake has told whether anything stands behind a proxy.
    if (address.via !== 'published-port' || dialing.tls !== null) return done(null, connection);
    holdForProxy(socket, (error) => (error ? done(error, null) : done(null, connection)));
  });
  return () => void socket.destroy(new Error('given up'));
}

function openSocket({ address: { host, port }, tls: options, alpn }: Dialing): net.Socket {
  // An answer that is owed is looked for beyond a FIN; HTTP/2 says by GOAWAY what it leaves out.
  const allowHalfOpen = alpn === 'http/1.1';
  if (options === null) return new net.Socket({ allowHalfOpen }).connect({ host, port });
  // Node takes it (and documents it), but its types do not know it.
  const halfOpen = { allowHalfOpen };
  return tls.connect({ host, port, ALPNProtocols: [alpn], ...options, ...halfOpen });
}

/** Without ALPN a server speaks HTTP/1.1 (RFC 9113, 3.2). */
function wrongProtocol(socket: net.Socket, { alpn }: Dialing): Error | null {
  if (!(socket instanceof tls.TLSSocket) || alpn !== 'h2' || socket.alpnProtocol === 'h2') return null;
  return new NoHttp2Error('the server does not offer HTTP/2 over TLS');
}

/** Waits on a fresh connection for a proxy to give it up. The callback gets an error when it did. */
function holdForProxy(socket: net.Socket, done: (error: Error | null) => void): void {
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
