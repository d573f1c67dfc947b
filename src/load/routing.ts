import type { Transport } from './transport.ts';

/** Whether requests are led to the target: all of them, those that find an open connection, or none. */
export interface Routing {
  /** No new connection is made from now on; those over open ones go on, or stop too. */
  end(pooled: 'go' | 'stop'): void;
  /** Whether a request would come here now. */
  leadsHere(isPooled: boolean): boolean;
}

/** Everything is led to the target until its routing ends. */
export function createRouting(transport: Pick<Transport, 'hasPooled'>): Routing {
  let led: 'all' | 'open' | 'none' = 'all';
  return {
    end: (pooled) => void (led = pooled === 'go' ? 'open' : 'none'),
    leadsHere: (isPooled) => led === 'all' || (led === 'open' && isPooled && transport.hasPooled()),
  };
}
