import { expect, test } from 'vitest';

import { FLAG, Ledger, NEVER, ROW_BYTES } from '../../../src/load/ledger.ts';

test('100,000 requests take at most 3 MB', () => {
  expect(ROW_BYTES * 100_000).toBeLessThanOrEqual(3_000_000);
});

test('the ledger grows in place and keeps what it holds', () => {
  const ledger = new Ledger();
  const { scheduledUs } = ledger;
  for (let row = 0; row < 100_000; row++) expect(ledger.add(row * 3, row * 3 + 1, row % 7, FLAG.pooled)).toBe(row);
  expect(ledger.length).toBe(100_000);
  for (const row of [0, 4095, 4096, 99_999]) {
    expect([scheduledUs[row], ledger.sentUs[row], ledger.kind[row]]).toEqual([row * 3, row * 3 + 1, row % 7]);
    expect([ledger.firstByteUs[row], ledger.endUs[row], ledger.ending[row]]).toEqual([NEVER, NEVER, 0]);
  }
});

test('flags are added to those that are there', () => {
  const ledger = new Ledger();
  const row = ledger.add(0, 0, 0, FLAG.pooled);
  ledger.flag(row, FLAG.sent | FLAG.reused);
  expect([FLAG.pooled, FLAG.sent, FLAG.reused, FLAG.reset].map((flag) => ledger.has(row, flag))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
