import path from 'node:path';

/** What the balancer is made for. */
export interface BalancerOrder {
  /** Absolute path of the folder that its files are in. */
  readonly folder: string;
  /** Where users come, on 127.0.0.1. */
  readonly port: number;
  /** How many servers there may be, each for one container's whole life. */
  readonly servers: number;
  /** How often a connection that failed is tried again, on another server where there is one. */
  readonly retries: number;
  /** For so long a user waits at most; the balancer has more patience than that. */
  readonly requestTimeoutMs: number;
  readonly rowHeader: RowHeader;
}

/** The header by which users tell the balancer which row of the ledger a request is. */
export interface RowHeader {
  readonly name: string;
  /** `balancer`: the app does not get it. */
  readonly isFor: 'balancer' | 'app';
}

/** The proxy that users come to, and the one that the servers are in, as the statistics name them. */
export const FRONTEND = 'users';
export const BACKEND = 'web';

/** What Debian's own configuration has (haproxy.cfg of its package). */
const CONNECT_TIMEOUT_MS = 5_000;
/** So much longer than a user the balancer waits, so that it is never the balancer that gives up. */
const PATIENCE_MS = 10_000;

/** The ledger has fewer than a hundred million rows. */
const ROW_DIGITS = 8;

/** The name of a server by its number, from 1. */
export function serverName(number: number): string {
  return `r${number}`;
}

/** Files in the balancer's folder. */
export function filesIn(folder: string): { readonly config: string; readonly admin: string } {
  return { config: path.join(folder, 'haproxy.cfg'), admin: path.join(folder, 'admin.sock') };
}

/**
 * HAProxy's configuration. What is not named is its default: connections are kept alive on both sides, and only a
 * connection that could not be made is tried again (`retry-on conn-failure`), with round robin on another server at once.
 * No health checks: servers come and go as they are told over the admin socket, as an orchestrator's endpoints do.
 */
export function balancerConfig(order: BalancerOrder): string {
  const { folder, port, servers, retries, requestTimeoutMs, rowHeader } = order;
  const patienceMs = requestTimeoutMs + PATIENCE_MS;
  return `global
  # Nobody else's balancer may share the port.
  noreuseport
  stats socket ${filesIn(folder).admin} mode 600 level admin
  log stdout format raw daemon

defaults
  mode http
  timeout connect ${CONNECT_TIMEOUT_MS}ms
  timeout client ${patienceMs}ms
  timeout server ${patienceMs}ms
  timeout http-keep-alive ${patienceMs}ms
  retries ${retries}
  option redispatch

frontend ${FRONTEND}
  bind 127.0.0.1:${port}
  log global
  log-format "%[capture.req.hdr(0)] %s %ts %rc %ST"
  http-request capture req.hdr(${rowHeader.name}) len ${ROW_DIGITS}${rowHeader.isFor === 'app' ? '' : `\n  http-request del-header ${rowHeader.name}`}
  default_backend ${BACKEND}

backend ${BACKEND}
  balance roundrobin
  server-template r 1-${servers} 127.0.0.1:1 disabled
`;
}
