import type { RequestPlan } from '../../plan/plan.ts';
import type { Dialing } from '../connect.ts';
import type { Bookkeeping } from '../exchange.ts';
import type { Transport } from '../transport.ts';
import { Http2Exchange } from './exchange.ts';
import { type Opened, openSession, type Session } from './session.ts';

/** A request that waits for a shared connection. */
interface Waiting {
  readonly exchange: Http2Exchange;
  readonly request: RequestPlan;
}

/**
 * HTTP/2: pooled requests share connections as streams, as a client or a proxy does it; a fresh one has a connection of
 * its own. While a shared connection is being made, pooled requests wait for it.
 */
export function http2Transport(dialing: Dialing, book: Bookkeeping, isGrpc: boolean): Transport<Http2Exchange> {
  const sessions = new Set<Session>();
  const shared = new Set<Session>();
  /** Gives up each connection that is being made. */
  const dials = new Set<() => void>();
  let waiting: Waiting[] = [];
  let isOpening = false;
  let isClosed = false;

  const open = (isShared: boolean, done: Opened): void => {
    const giveUp = openSession(dialing, (error, session) => {
      dials.delete(giveUp);
      if (error) return done(error, null);
      sessions.add(session);
      if (isShared) shared.add(session);
      session.http2.once('close', () => void (sessions.delete(session), shared.delete(session)));
      done(null, session);
      if (isClosed) void session.end();
    });
    dials.add(giveUp);
  };

  const start = ({ exchange, request }: Waiting, session: Session, onClose: () => void): void => {
    try {
      exchange.start(session, request, onClose);
    } catch (error) {
      // The connection began to leave just now.
      exchange.fail(error as Error);
      onClose();
    }
  };

  const failWaiting = (error: Error): void => {
    const failed = waiting;
    waiting = [];
    for (const { exchange } of failed) exchange.fail(error);
  };

  const serveWaiting = (): void => {
    // Some were given up while they waited.
    waiting = waiting.filter(({ exchange }) => exchange.isOpen);
    while (waiting.length > 0) {
      const session = [...shared].find(({ isFree }) => isFree);
      if (session === undefined) return openShared();
      const next = waiting.shift();
      if (next === undefined) return;
      session.open++;
      start(next, session, () => {
        session.open--;
        serveWaiting();
      });
    }
  };

  const openShared = (): void => {
    if (isOpening || isClosed) return;
    isOpening = true;
    open(true, (error, session) => {
      isOpening = false;
      if (error) return failWaiting(error);
      // Opening another would end no better.
      if (!session.isFree) return failWaiting(new Error('the server takes no streams'));
      serveWaiting();
    });
  };

  return {
    exchange: (row) => new Http2Exchange(row, book, isGrpc),
    send: (exchange, request, isPooled) => {
      if (isPooled) {
        waiting.push({ exchange, request });
        return serveWaiting();
      }
      open(false, (error, session) => {
        if (error) return exchange.fail(error);
        if (exchange.isOpen) start({ exchange, request }, session, () => session.http2.close());
        else session.http2.close();
      });
    },
    hasPooled: () => [...shared].some(({ isFree }) => isFree),
    close: async () => {
      isClosed = true;
      for (const giveUp of dials) giveUp();
      failWaiting(new Error('given up'));
      await Promise.all([...sessions].map((session) => session.end()));
    },
  };
}
