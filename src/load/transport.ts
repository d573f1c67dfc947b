import type { TargetAddress } from '../engines/engine.ts';
import type { RequestPlan } from '../plan/plan.ts';
import type { Exchange } from './exchange.ts';

/**
 * Carries requests over connections of one protocol. It sends nothing twice, and tells the exchange what it sees;
 * when to send and what it is worth is not its business.
 */
export interface Transport<E extends Exchange = Exchange> {
  /** The exchange of a request that is about to be sent. */
  exchange(row: number): E;
  /** Sends the request, on a connection of its own or on a kept-alive one. */
  send(exchange: E, request: RequestPlan, pooled: boolean): void;
  /** Whether a pooled request could leave now without a new connection. */
  hasPooled(): boolean;
  /** Ends all its connections. */
  close(): Promise<void>;
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort({ host, port }: Pick<TargetAddress, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
