/*
 * What full ledgers weigh, in a process that does nothing else: needs --expose-gc. Several are kept, so that what the
 * process itself gains or gives back meanwhile does not count. The argument is a LedgerWeight as JSON; the result is the
 * only message.
 */
import { COLUMN_NAMES, ENDING, FLAG, Ledger } from '../../../src/load/ledger.ts';
import type { LedgerWeight } from '../jobs.ts';

const { ledgers, records } = JSON.parse(process.argv[2] ?? 'null') as LedgerWeight;
const kept = [filled()];
const beforeBytes = residentBytes();
while (kept.length <= ledgers) kept.push(filled());
const residentBytesEach = (residentBytes() - beforeBytes) / ledgers;
const [first] = kept;
const columnBytes = COLUMN_NAMES.reduce((sum, name) => sum + (first?.[name].BYTES_PER_ELEMENT ?? NaN), 0) * records;
process.send?.({ residentBytes: residentBytesEach, columnBytes }, () => process.exit());

/** Every column is written, as by requests that were answered. */
function filled(): Ledger {
  const ledger = new Ledger();
  for (let n = 0; n < records; n++) {
    const row = ledger.add(n * 50, n * 50 + 7, 0, FLAG.pooled);
    ledger.sentUs[row] = n * 50 + 10;
    ledger.firstByteUs[row] = n * 50 + 500;
    ledger.endUs[row] = n * 50 + 600;
    ledger.connection[row] = (n % 64) + 1;
    ledger.bytes[row] = 2;
    ledger.status[row] = 200;
    ledger.ending[row] = ENDING.answered;
  }
  return ledger;
}

/** What is left once garbage is gone; twice, because buffers are freed by what the first collection finds. */
function residentBytes(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage.rss();
}
