import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { Dialing } from './connect.ts';
import type { Bookkeeping } from './exchange.ts';
import { http1Transport } from './http1/transport.ts';
import { http2Transport } from './http2/transport.ts';
import { tlsOptions } from './tls.ts';
import type { Transport } from './transport.ts';

/**
 * What carries a plan's requests to an address.
 * @throws CannotRunError where the CA file cannot be read.
 */
export function openTransport(address: TargetAddress, plan: LoadPlan, clock: Clock, book: Bookkeeping): Transport {
  let connections = 0;
  const dialing: Dialing = {
    address,
    tls: tlsOptions(plan),
    alpn: plan.protocol === 'http1' ? 'http/1.1' : 'h2',
    nowUs: clock.nowUs,
    nextConnection: () => ++connections,
  };
  return plan.protocol === 'http1'
    ? http1Transport(dialing, book)
    : http2Transport(dialing, book, plan.protocol === 'grpc');
}
