import { resultOf } from './child.ts';
import type { LedgerWeight, LedgerWeightResult } from './jobs.ts';
import type { Section } from './section.ts';
import { median, shown } from './statistics.ts';

const REPETITIONS = 5;
const PER = 100_000;
const MB = 1e6;
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
    const mbPer = (bytes: (weight: LedgerWeightResult) => number): number =>
      (median(weights.map(bytes)) / size.records) * (PER / MB);
    rows.push({
      records: size.records,
      columnsMb: mbPer(({ columnBytes }) => columnBytes),
      residentMb: mbPer(({ residentBytes }) => residentBytes),
    });
  }
  return {
    title: 'Memory of the records',
    text:
      `Full ledgers in a fresh process, median of ${REPETITIONS}, in millions of bytes for each ${shown(PER)} records: ` +
      'what their columns are, and by how much the process grew. The target for the growth is about the large ledger: ' +
      'in a small one the last pages, which are only partly used, weigh more.',
    table: {
      head: ['records in a ledger', 'columns MB', 'resident MB'],
      rows: rows.map(({ records, columnsMb, residentMb }) => [shown(records), shown(columnsMb), shown(residentMb)]),
    },
    targets: rows.flatMap(({ records, columnsMb, residentMb }) => [
      ...(records === PER ? [{ name: `columns of ${shown(PER)} records, MB`, measured: columnsMb, atMost: 3 }] : []),
      ...(records > PER
        ? [{ name: `resident for each ${shown(PER)} records, MB`, measured: residentMb, atMost: 3 }]
        : []),
    ]),
  };
}
