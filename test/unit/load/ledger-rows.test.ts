import { expect, test } from 'vitest';

import { addRows, rowsOf } from '../../../src/load/ledger-rows.ts';
import { COLUMN_NAMES, ENDING, FLAG, Ledger } from '../../../src/load/ledger.ts';

function filled(rows: number): Ledger {
  const ledger = new Ledger();
  for (let at = 0; at < rows; at++) {
    const row = ledger.add(at * 3, at * 3 + 1, at % 7, FLAG.pooled);
    ledger.endUs[row] = 4_000_000_000 - at;
    ledger.status[row] = 503;
    ledger.ending[row] = at % 2 === 0 ? ENDING.answered : ENDING.open;
  }
  return ledger;
}

test.each([0, 1, 4096, 10_000])('all %i rows of a ledger are handed over, in stretches', (rows) => {
  const ledger = filled(rows);
  const copy = new Ledger();
  const stretches = [...rowsOf(ledger, 3000)];
  for (const stretch of stretches) addRows(copy, stretch);
  expect(stretches).toHaveLength(Math.ceil(rows / 3000));
  expect(copy.length).toBe(rows);
  for (const name of COLUMN_NAMES) expect(copy[name].slice(0, rows)).toEqual(ledger[name].slice(0, rows));
});

test('rows that are handed over have no part in the ledger any more', () => {
  const ledger = filled(1);
  const [rows] = rowsOf(ledger);
  ledger.status[0] = 200;
  expect(rows?.status).toEqual(new Uint16Array([503]));
});
