import { ENDING, FLAG, type Ledger } from './ledger.ts';
import { onlyCutsFrom } from './only-cuts.ts';

/** When the listener closed: after the last connection that was made, before the first that was refused. */
export interface ListenerClose {
  readonly lastAcceptedUs: number;
  /** null where no connection was refused afterwards. */
  readonly firstRefusedUs: number | null;
  /** From then on every new connection was taken only to be cut; null where that was not seen. */
  readonly onlyCutsFromUs: number | null;
}

/** When the listener closed, as new connections after T0 tell. */
export function listenerClose(ledger: Ledger, t0Us: number): ListenerClose {
  let lastAcceptedUs = t0Us;
  for (let row = 0; row < ledger.length; row++) {
    const isNew = ledger.has(row, FLAG.sent) && !ledger.has(row, FLAG.reused);
    if (isNew) lastAcceptedUs = Math.max(lastAcceptedUs, ledger.sentUs[row] ?? 0);
  }
  let firstRefusedUs: number | null = null;
  for (let row = 0; row < ledger.length; row++) {
    const ending = ledger.ending[row];
    if (ending !== ENDING.notConnected && ending !== ENDING.proxyEnded) continue;
    const endUs = ledger.endUs[row] ?? 0;
    if (endUs > lastAcceptedUs && (firstRefusedUs === null || endUs < firstRefusedUs)) firstRefusedUs = endUs;
  }
  return { lastAcceptedUs, firstRefusedUs, onlyCutsFromUs: onlyCutsFrom(ledger, t0Us) };
}
