import type { RequestPlan } from '../../plan/plan.ts';
import type { Dialing } from '../connect.ts';
import type { Bookkeeping } from '../exchange.ts';
import type { Transport } from '../transport.ts';
import { Http1Exchange } from './exchange.ts';
import { Place } from './place.ts';

/** HTTP/1.1 over a list of places that grows with what is open at a time. */
export function http1Transport(dialing: Dialing, book: Bookkeeping): Transport<Http1Exchange> {
  /** Free places, the last used first, so that a kept-alive connection is used while it is warm. */
  const fresh: Place[] = [];
  const pooled: Place[] = [];
  /** Pooled ones whose connection has ended. */
  const cold: Place[] = [];
  const free = (place: Place): void => {
    if (!place.client.destroyed) (place.isPooled ? pooled : fresh).push(place);
  };
  /** As pools do, a connection that there is goes before a new one: where none can be made, they stay in use. */
  const takePooled = (): Place | undefined => {
    for (let place = pooled.pop(); place !== undefined; place = pooled.pop()) {
      if (place.isConnected) return place;
      cold.push(place);
    }
    return cold.pop();
  };
  // undici is still clearing up while it tells of an error, and takes no request for this client until it is through.
  const leave = (place: Place, isSound: boolean): void => {
    if (isSound) free(place);
    else queueMicrotask(() => free(place));
  };
  return {
    exchange: (row) => new Http1Exchange(row, book, leave),
    send: (exchange, { path, method, headers, body }: RequestPlan, isPooled) => {
      const place = (isPooled ? takePooled() : fresh.pop()) ?? new Place(dialing, isPooled);
      exchange.occupy(place);
      place.client.dispatch({ path, method, headers, body, reset: !isPooled }, exchange);
    },
    hasPooled: () => pooled.some(({ isConnected }) => isConnected),
    close: async () => {
      await Promise.all([...fresh, ...pooled, ...cold].map((place) => place.end()));
    },
  };
}
