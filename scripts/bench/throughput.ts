import { undisturbed } from './quiet.ts';
import { FULL_WARM_MS, MEASURE_MS, type Measured, type Reported } from './jobs.ts';
import { measureJob, onServer } from './measure.ts';
import type { Section } from './section.ts';
import { median, rotated, shown } from './statistics.ts';
import { measureWrk } from './wrk.ts';

const REPETITIONS = 7;
const CONNECTIONS = 64;

interface Client {
  readonly name: string;
  readonly measure: (port: number) => Promise<Reported>;
}

const OPEN: Client = {
  name: 'ours, open loop',
  measure: async (port) => await measureJob(port, { client: 'ours-full-open', connections: CONNECTIONS }),
};
const CLOSED: Client = {
  name: 'ours, closed loop',
  measure: async (port) => await measureJob(port, { client: 'ours-closed', connections: CONNECTIONS }),
};
const DISPATCH: Client = {
  name: 'undici dispatch()',
  measure: async (port) => await measureJob(port, { client: 'dispatch', connections: CONNECTIONS }),
};
const AUTOCANNON: Client = {
  name: 'autocannon',
  measure: async (port) =>
    await measureJob(port, { client: 'autocannon', connections: CONNECTIONS, ratePerSecond: null }),
};
const WRK: Client = { name: 'wrk', measure: async (port) => await measureWrk(port, CONNECTIONS) };

/** What a second of the client's processor time is worth in requests. */
export async function throughput(hasWrk: boolean): Promise<Section> {
  const clients = [OPEN, CLOSED, DISPATCH, AUTOCANNON, ...(hasWrk ? [WRK] : [])];
  const results = new Map<Client, Measured[]>(clients.map((client) => [client, []]));
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const client of rotated(clients, repetition)) results.get(client)?.push(await measureOne(client));
  }
  const ours = results.get(OPEN) ?? [];
  const ratioTo = (peer: Client): number => pairedRatio(ours, results.get(peer) ?? []);
  return {
    title: 'Requests per second of client CPU',
    text:
      `Each client on ${CONNECTIONS} connections against the same fixed answer, ${REPETITIONS} interleaved repetitions ` +
      `of ${MEASURE_MS / 1000} s after ${FULL_WARM_MS / 1000} s of warming up (wrk needs none), medians; the ratio is the ` +
      'median of the repetitions. The open loop keeps full records and runs at 0.9 of what ' +
      'the closed loop reached just before; the peers run as fast as they can.',
    table: {
      head: ['client', 'requests per CPU second', 'requests/s', 'CPU cores', 'our open loop to it', 'not sent'],
      rows: clients.map((client) => {
        const measured = results.get(client) ?? [];
        return [
          client.name,
          shown(median(measured.map(perCpuSecond))),
          shown(median(measured.map(({ requests, wallMs }) => (requests / wallMs) * 1000))),
          shown(median(measured.map(({ cpuMs, wallMs }) => cpuMs / wallMs))),
          shown(ratioTo(client)),
          String(measured.reduce((sum, { faults }) => sum + faults, 0)),
        ];
      }),
    },
    targets: [
      { name: 'open loop to undici dispatch(), per CPU second', measured: ratioTo(DISPATCH), atLeast: 0.75 },
      { name: 'open loop to autocannon, per CPU second', measured: ratioTo(AUTOCANNON), atLeast: 0.65 },
      ...(hasWrk ? [{ name: 'open loop to wrk, per CPU second', measured: ratioTo(WRK), atLeast: 0.5 }] : []),
    ],
  };
}

async function measureOne(client: Client): Promise<Measured> {
  const { measured } = await undisturbed(async () => await onServer(client.measure));
  console.error(`${client.name}: ${shown(perCpuSecond(measured))} requests per CPU second`);
  return measured;
}

/** Neighbours in time are compared, so that what slows the machine for a while slows both. */
function pairedRatio(ours: readonly Measured[], theirs: readonly Measured[]): number {
  return median(ours.map((one, repetition) => perCpuSecond(one) / perCpuSecond(theirs[repetition] ?? one)));
}

function perCpuSecond({ requests, cpuMs }: Measured): number {
  return (requests / cpuMs) * 1000;
}
