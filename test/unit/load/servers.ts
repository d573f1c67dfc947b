import type { AddressInfo, Server } from 'node:net';

import { generate } from 'selfsigned';

import { startClock } from '../../../src/clock.ts';
import { Ledger } from '../../../src/load/ledger.ts';
import { Load } from '../../../src/load/load.ts';
import type { LoadPlan } from '../../../src/plan/plan.ts';

export const PLAN: LoadPlan = {
  kind: 'requests',
  protocol: 'http1',
  tls: null,
  requestIdHeader: null,
  park: 0,
  holds: [],
  rate: 100,
  requests: [{ path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null }],
  expectStatus: null,
  requestTimeoutMs: 10_000,
  warmupMs: 1000,
  rampMs: 0,
  connections: 'both',
  minInFlight: 1,
};

const open: Server[] = [];

/** Listens on a free port of this machine and tells which. */
export async function listen<T extends Server>(server: T): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Closes the listener that was opened last, and nothing else of it. */
export function closeLast(): void {
  open.pop()?.close();
}

/** Closes all that listens. */
export function closeAll(): void {
  for (const server of open.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  }
}

/** A load on a port here, as if it were the container's own address. */
export function loadOn(port: number, changes: Partial<LoadPlan> = {}): Load {
  return new Load({ host: '127.0.0.1', port, via: 'container' }, { ...PLAN, ...changes }, startClock(), new Ledger());
}

/** A key and a certificate for `localhost` that nobody else has. */
export async function certificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  return { key, cert };
}
