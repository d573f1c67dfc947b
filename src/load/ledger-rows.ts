import { COLUMN_NAMES, type ColumnName, type Ledger } from './ledger.ts';

/** A stretch of a ledger's rows, copied out of it: what is handed to another process. */
export type LedgerRows = Readonly<Pick<Ledger, ColumnName>>;

/** Some 2 MB; all the rows at once could be hundreds. */
const ROWS_AT_ONCE = 65_536;

/** All rows of a ledger, in stretches. */
export function* rowsOf(ledger: Ledger, atOnce = ROWS_AT_ONCE): Generator<LedgerRows> {
  for (let from = 0; from < ledger.length; from += atOnce) {
    const to = Math.min(from + atOnce, ledger.length);
    yield Object.fromEntries(COLUMN_NAMES.map((name) => [name, ledger[name].slice(from, to)])) as unknown as LedgerRows;
  }
}

/** Adds them to the end of another ledger. */
export function addRows(ledger: Ledger, rows: LedgerRows): void {
  const from = ledger.length;
  for (const kind of rows.kind) ledger.add(0, 0, kind, 0);
  for (const name of COLUMN_NAMES) ledger[name].set(rows[name], from);
}
