import { ENDING, FLAG, type Ledger } from './ledger.ts';

/** To this the ledger rounds when a request left. */
const LEFT_ROUNDING_US = 10;

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
  const answeredUs = lastAnsweredLeftUs(ledger, t0Us);
  let firstCutUs = Infinity;
  let lastLeftUs = -Infinity;
  for (let row = 0; row < ledger.length; row++) {
    const endUs = ledger.endUs[row] ?? 0;
    if (!isUnreadFresh(ledger, row) || endUs <= answeredUs) continue;
    firstCutUs = Math.min(firstCutUs, endUs);
    lastLeftUs = Math.max(lastLeftUs, leftUs(ledger, row));
  }
  return lastLeftUs > firstCutUs + LEFT_ROUNDING_US ? firstCutUs : null;
}

/** When the last of the requests left that were answered on a connection of their own; T0 where none was later. */
function lastAnsweredLeftUs(ledger: Ledger, t0Us: number): number {
  let lastUs = t0Us;
  for (let row = 0; row < ledger.length; row++) {
    const reused = ((ledger.flags[row] ?? 0) & FLAG.reused) !== 0;
    if (ledger.ending[row] === ENDING.answered && !reused) lastUs = Math.max(lastUs, leftUs(ledger, row));
  }
  return lastUs;
}

function isUnreadFresh(ledger: Ledger, row: number): boolean {
  const flags = ledger.flags[row] ?? 0;
  return ledger.ending[row] === ENDING.cutBefore && (flags & (FLAG.reused | FLAG.unread)) === FLAG.unread;
}

/** When a request set out; its connection was tried then or later. */
function leftUs(ledger: Ledger, row: number): number {
  return (ledger.scheduledUs[row] ?? 0) + (ledger.lateBy10Us[row] ?? 0) * 10;
}
