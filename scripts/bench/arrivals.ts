import { MEASURE_MS, WARM_MS } from './jobs.ts';
import { measureJob, onServer, type JobOn, type Served } from './measure.ts';
import { undisturbed } from './quiet.ts';
import type { Section } from './section.ts';
import { median, rotated, shown, varianceToMean } from './statistics.ts';

const REPETITIONS = 5;
const RATES = [100, 1000, 5000, 10_000];
/** The rate that the targets are about. */
const TARGET_RATE = 1000;
/** Half of these are new connections, and one core makes no more of them. */
const MAX_FRESH_RATE = 5000;
const AUTOCANNON_CONNECTIONS = 64;
const BIN_MS = 10;

interface Case {
  readonly name: string;
  readonly ratePerSecond: number;
  readonly job: JobOn;
}

const CASES: readonly Case[] = RATES.flatMap((ratePerSecond) => [
  ours(ratePerSecond, true),
  ...(ratePerSecond > MAX_FRESH_RATE ? [] : [ours(ratePerSecond, false)]),
  {
    name: 'autocannon',
    ratePerSecond,
    job: { client: 'autocannon', connections: AUTOCANNON_CONNECTIONS, ratePerSecond },
  },
]);

function ours(ratePerSecond: number, pooled: boolean): Case {
  const name = pooled ? 'ours, pooled' : 'ours, fresh and pooled';
  return { name, ratePerSecond, job: { client: 'ours-open', ratePerSecond, pooled } };
}

/** How evenly and how late requests leave at a rate, and what that costs. */
export async function arrivals(): Promise<Section> {
  const results = new Map<Case, Served[]>(CASES.map((one) => [one, []]));
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const one of rotated(CASES, repetition * 2)) {
      results.get(one)?.push(await undisturbed(async () => await onServer((port) => measureJob(port, one.job))));
      console.error(`${one.name} at ${one.ratePerSecond}/s`);
    }
  }
  const of = (one: Case, value: (served: Served) => number): number => median((results.get(one) ?? []).map(value));
  const target = CASES.find(({ name, ratePerSecond }) => name === 'ours, pooled' && ratePerSecond === TARGET_RATE);
  if (!target) throw new RangeError('the rate of the targets is not measured');
  const at = `at ${TARGET_RATE}/s`;
  return {
    title: 'Evenness and lateness of arrivals',
    text:
      `Variance over mean of the arrivals that the server counts in bins of ${BIN_MS} ms: 0 is an even schedule, 1 is ` +
      'random arrivals. Lateness is that of the departure against the schedule, the warming up included; the peers do ' +
      'not tell it. ' +
      `Medians of ${REPETITIONS} interleaved repetitions of ${MEASURE_MS / 1000} s after a second of warming up. ` +
      'wrk has no rate.',
    table: {
      head: ['client', 'rate', 'arrived/s', 'variance/mean', 'late p50 ms', 'p99 ms', 'max ms', 'CPU cores'],
      rows: CASES.map((one) => [
        one.name,
        `${shown(one.ratePerSecond)}/s`,
        shown(of(one, arrivedPerSecond)),
        shown(of(one, unevenness)),
        ...(['p50Ms', 'p99Ms', 'maxMs'] as const).map((key) =>
          shown(of(one, ({ measured }) => measured.lateness?.[key] ?? NaN)),
        ),
        shown(of(one, cores), 3),
      ]),
    },
    targets: [
      { name: `variance over mean of arrivals ${at}`, measured: of(target, unevenness), atMost: 0.5 },
      { name: `lateness p50 ${at}, ms`, measured: of(target, (one) => one.measured.lateness?.p50Ms ?? NaN), atMost: 1 },
      {
        name: `lateness p99 ${at}, ms`,
        measured: of(target, (one) => one.measured.lateness?.p99Ms ?? NaN),
        atMost: 2.5,
      },
      { name: `CPU cores ${at}`, measured: of(target, cores), atMost: 0.2 },
    ],
  };
}

/** The bins that count: whole seconds, so that a burst at the start of each is neither left out nor counted twice. */
function steadyBins({ arrivals: bins }: Served): readonly number[] {
  return bins.slice(WARM_MS / BIN_MS, (WARM_MS + MEASURE_MS) / BIN_MS);
}

function unevenness(served: Served): number {
  return varianceToMean(steadyBins(served));
}

function arrivedPerSecond(served: Served): number {
  return steadyBins(served).reduce((sum, count) => sum + count, 0) / (MEASURE_MS / 1000);
}

function cores({ measured }: Served): number {
  return measured.cpuMs / measured.wallMs;
}
