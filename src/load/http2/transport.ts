import type { RequestPlan } from '../../plan/plan.ts';
import type { Dialing } from '../connect.ts';
import type { Bookkeeping } from '../exchange.ts';
import type { Transport } from '../transport.ts';
import { Http2Exchange } from './exchange.ts';
import { openSession, type Session } from './session.ts';

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
  let waiting: Waiting[] = [];
  let isOpening = false;

  const open = (isShared: boolean, done: (error: Error | null, session: Session | null) => void): void =>
    openSession(dialing, (error, session) => {
      if (error) return done(error, null);
      sessions.add(session);
      if (isShared) shared.add(session);
      session.http2.once('close', () => void (sessions.delete(session), shared.delete(session)));
      done(null, session);
    });

  const start = ({ exchange, request }: Waiting, session: Session, onClose: () => void): void => {
    // It was given up while it waited.
    if (!exchange.isOpen) return onClose();
    try {
      exchange.start(session, request, onClose);
    } catch (error) {
      // The connection began to leave just now.
      exchange.fail(error as Error);
      onClose();
    }
  };

  const serveWaiting = (): void => {
    const session = [...shared].find(({ isFree }) => isFree);
    if (session === undefined) return openShared();
    const next = waiting.shift();
    if (next === undefined) return;
    session.open++;
    start(next, session, () => void session.open--);
    serveWaiting();
  };

  const openShared = (): void => {
    if (isOpening || waiting.length === 0) return;
    isOpening = true;
    open(true, (error) => {
      isOpening = false;
      if (error === null) return serveWaiting();
      const failed = waiting;
      waiting = [];
      for (const { exchange } of failed) exchange.fail(error);
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
        if (session === null) return exchange.fail(error ?? new Error('no connection'));
        start({ exchange, request }, session, () => session.http2.close());
      });
    },
    close: async () => {
      await Promise.all([...sessions].map((session) => session.end()));
    },
  };
}
