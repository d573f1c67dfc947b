import type { SocketFacts } from '../engines/engine.ts';
import type { Observation, SocketSnapshot } from '../observation.ts';
import { plannedPort } from '../plan/planned-port.ts';

/** What is seen this short before SIGKILL is there at the end. */
const AT_END_MS = 500;

/** An interval, milliseconds from T0. */
export interface Between {
  readonly fromMs: number;
  readonly byMs: number;
}

/** Connections that the target's processes held when its end came. */
export interface OpenConnections {
  /** To the app's own port; null where that port is not known. */
  readonly port: number | null;
  readonly inbound: number;
  /** That the target had made itself, by the `address:port` they led to. */
  readonly outbound: readonly { readonly peer: string; readonly count: number }[];
}

/**
 * When the listener on the app's port closed, as seen in the target: after the last reading that showed it, before the
 * first that did not. Null where it never closed while the target lived, or that was not seen.
 */
export function listenerClosedBetween(observation: Observation): Between | null {
  const port = portOf(observation);
  const seen = whileItLived(observation);
  if (port === null) return null;
  const lastOpen = seen.findLastIndex(({ listening }) => listening.includes(port));
  const [open, closed] = [seen[lastOpen], seen[lastOpen + 1]];
  // A process that just ends shows no listener for a moment either: it has to be seen once more.
  const livedOn = closed && (closed.untilMs > closed.atMs || seen.length > lastOpen + 2);
  return open && livedOn ? { fromMs: open.untilMs, byMs: closed.atMs } : null;
}

/** What was open right before SIGKILL; null where the target ended by itself, or was not looked at any more by then. */
export function openAtEnd(observation: Observation, sigkillFired: boolean): OpenConnections | null {
  const last = whileItLived(observation).at(-1);
  if (!sigkillFired || !last || Math.max(last.atMs, last.untilMs) < observation.plan.graceMs - AT_END_MS) return null;
  const port = portOf(observation);
  const served = new Set([port, ...observation.sockets.flatMap(({ listening }) => listening)]);
  const open = last.connections.filter(({ state }) => state === 'established');
  const inbound = open.filter(({ localPort }) => localPort === port);
  // One to its own port is a client of its own: the other end is among the inbound ones.
  const isClient = ({ localPort }: SocketFacts): boolean => inbound.some(({ peer }) => peer.endsWith(`:${localPort}`));
  return {
    port,
    inbound: inbound.length,
    outbound: countByPeer(open.filter((one) => !served.has(one.localPort) && !isClient(one))),
  };
}

/** The engine sends SIGKILL no sooner than the grace period after T0; what was read later may show it at work. */
function whileItLived({ sockets, plan, exit }: Observation): readonly SocketSnapshot[] {
  const endMs = Math.min(plan.graceMs, exit.processEndedAtMs ?? exit.atMs ?? Infinity);
  return sockets.filter(({ atMs }) => atMs <= endMs);
}

/** The port within the target; through a published port the address has another one. */
function portOf({ target, plan, image }: Observation): number | null {
  if (target.address === null) return null;
  return target.address.via === 'published-port' ? plannedPort(plan, image) : target.address.port;
}

function countByPeer(connections: readonly SocketFacts[]): OpenConnections['outbound'] {
  const counts = new Map<string, number>();
  for (const { peer } of connections) counts.set(peer, (counts.get(peer) ?? 0) + 1);
  return [...counts].map(([peer, count]) => ({ peer, count }));
}
