import { ENDING, FLAG, type Ledger } from './ledger.ts';

/**
 * Since when a server took new connections only to cut them, microseconds of the ledger's clock; null where that was
 * not seen.
 *
 * A listener that closes cuts at one moment all that it had not accepted, and what sets out after a client has seen
 * such a cut is refused. So where a connection set out after another was seen cut, was made, and was cut as well, the
 * listener was open in between. That holds however late we look, for both times are our own. Where new connections are
 * answered in between there is a listener beside it (some servers have one for each worker), so only the time after
 * the last of those answers tells.
 */
export function onlyCutsFrom(ledger: Ledger, t0Us: number): number | null {
  const answeredUs = lastAnsweredUs(ledger, t0Us);
  let firstCutUs = Infinity;
  let lastDueUs = -Infinity;
  for (let row = 0; row < ledger.length; row++) {
    const endUs = ledger.endUs[row] ?? 0;
    if (!isUnreadFresh(ledger, row) || endUs <= answeredUs) continue;
    firstCutUs = Math.min(firstCutUs, endUs);
    // It cannot have set out before it was due.
    lastDueUs = Math.max(lastDueUs, ledger.scheduledUs[row] ?? 0);
  }
  return lastDueUs > firstCutUs ? firstCutUs : null;
}

/** When the last of the requests was written that were answered on a connection of their own; T0 where none was later. */
export function lastAnsweredUs(ledger: Ledger, t0Us: number): number {
  let lastUs = t0Us;
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.ending[row] !== ENDING.answered || ledger.has(row, FLAG.reused)) continue;
    lastUs = Math.max(lastUs, ledger.sentUs[row] ?? 0);
  }
  return lastUs;
}

function isUnreadFresh(ledger: Ledger, row: number): boolean {
  const flags = ledger.flags[row] ?? 0;
  return ledger.ending[row] === ENDING.cutBefore && (flags & (FLAG.reused | FLAG.reset)) === FLAG.reset;
}
