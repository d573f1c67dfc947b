/** One way in which connections end, and the app's environment that makes it so. */
export interface Ending {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** The signal that ends the app while the load goes on; null where the app lives on and ends requests by itself. */
  readonly signal: 'SIGKILL' | 'SIGTERM' | null;
  /**
   * Whether a loss of a request that was read may be told as `unknown`. Where the app ends a connection within a round
   * trip, the wire shows the same as where it had closed it before the request came; and where requests queue, a reset
   * may come before they are read.
   */
  readonly readMayBeUnknown?: boolean;
  /** Whether the app is reached through the engine's proxy, where read and unread look alike. Containers only. */
  readonly viaProxy?: boolean;
}

/** So many of the requests meet a steady app's ending; the others are answered. */
const SOME = { ACT_EVERY: '5' };
const LONG = { ...SOME, WORK_MS: '100' };

export const ENDINGS: readonly Ending[] = [
  { name: 'SIGKILL', signal: 'SIGKILL', env: { WORK_MS: '100' } },
  { name: 'SIGKILL, half of the time stalled', signal: 'SIGKILL', env: { WORK_MS: '100', STALL_MS: '150' } },
  { name: 'SIGTERM, drains', signal: 'SIGTERM', env: { WORK_MS: '20', DRAIN_MS: '200' } },
  { name: 'SIGTERM, exits at once', signal: 'SIGTERM', env: { WORK_MS: '100', ON_SIGTERM: 'exit' } },
  { name: 'half-written bodies', signal: null, env: { ...SOME, ACT: 'half' } },
  { name: 'FIN after work', signal: null, env: { ...LONG, ACT: 'fin' } },
  { name: 'FIN at once', signal: null, env: { ...SOME, ACT: 'fin-now' }, readMayBeUnknown: true },
  { name: 'RST after work', signal: null, env: { ...LONG, ACT: 'reset' }, readMayBeUnknown: true },
  { name: 'RST at once', signal: null, env: { ...SOME, ACT: 'reset-now' }, readMayBeUnknown: true },
  { name: '503', signal: null, env: { ...SOME, ACT: 'unavailable' } },
  { name: 'idle connections closed', signal: null, env: { WORK_MS: '2', CLOSE_IDLE_EVERY_MS: '5' } },
];

/** Endings of the app in a container, stopped through the engine. */
export const CONTAINER_ENDINGS: readonly Ending[] = [
  { name: 'SIGKILL', signal: 'SIGKILL', env: { WORK_MS: '100', ON_SIGTERM: 'ignore' } },
  { name: 'SIGTERM, drains', signal: 'SIGTERM', env: { WORK_MS: '20', DRAIN_MS: '1000' } },
  { name: 'SIGTERM, exits at once', signal: 'SIGTERM', env: { WORK_MS: '100', ON_SIGTERM: 'exit' } },
  { name: 'SIGTERM, drains', signal: 'SIGTERM', env: { WORK_MS: '20', DRAIN_MS: '4000' }, viaProxy: true },
];
