import { resultOf } from './child.ts';
import type { LedgerWeight, LedgerWeightResult } from './jobs.ts';
import type { Section } from './section.ts';
import { median, shown } from './statistics.ts';

const REPETITIONS = 5;
const PER = 100_000;
const MIB = 2 ** 20;
const SIZES: readonly LedgerWeight[] = [
  { ledgers: 10, records: PER },
  { ledgers: 2, records: 10 * PER },
];

/** What the records weigh. */
export async function memory(): Promise<Section> {
  const rows = [];
  for (const size of SIZES) {
    const weights: LedgerWeightResult[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      weights.push(await resultOf('ledger-weight', 'client', size, ['--expose-gc']));
    }
    const mibPer = (bytes: (weight: LedgerWeightResult) => number): number =>
      (median(weights.map(bytes)) / size.records) * (PER / MIB);
    rows.push({
      records: size.records,
      columnsMib: mibPer(({ columnBytes }) => columnBytes),
      residentMib: mibPer(({ residentBytes }) => residentBytes),
    });
  }
  return {
    title: 'Memory of the records',
    text:
      `Full ledgers in a fresh process, median of ${REPETITIONS}; MiB for each ${shown(PER)} records: what the columns ` +
      'of their records are, and by how much the process grew.',
    table: {
      head: ['records in a ledger', 'columns MiB', 'resident MiB'],
      rows: rows.map(({ records, columnsMib, residentMib }) => [shown(records), shown(columnsMib), shown(residentMib)]),
    },
    targets: rows
      .filter(({ records }) => records === PER)
      .map(({ residentMib }) => ({
        name: `resident memory of ${shown(PER)} records, MiB`,
        measured: residentMib,
        atMost: 3,
      })),
  };
}
