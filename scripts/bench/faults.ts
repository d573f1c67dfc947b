import { Child, resultOf } from './child.ts';
import type { FaultyServer, PlainAutocannon, PlainLoad, PlainLoadResult } from './jobs.ts';
import type { Section } from './section.ts';
import { runWrk } from './wrk.ts';

interface Fault {
  readonly name: string;
  /** null: nothing listens. */
  readonly server: FaultyServer | null;
  /** In the words of our endings. */
  readonly expected: string;
  readonly ours: Omit<PlainLoad, 'port'>;
  readonly autocannon: Omit<PlainAutocannon, 'port'>;
  readonly wrk: { readonly connections: number; readonly seconds: number };
}

const TIMES = 400;
const HELD = 1000;
/** Enough for every other request of so many a second to be hit often enough. */
const AT_A_RATE = {
  ours: { pooled: true, send: { ratePerSecond: 1000 }, forMs: 2000 },
  autocannon: { connections: 10, ratePerSecond: 1000, seconds: 3 },
  wrk: { connections: 10, seconds: 2 },
};

const FAULTS: readonly Fault[] = [
  {
    ...AT_A_RATE,
    name: 'connection ended (FIN) before any byte',
    server: { fault: 'fin', times: TIMES },
    expected: 'lost after it was read',
  },
  { ...AT_A_RATE, name: 'body cut short', server: { fault: 'cut', times: TIMES }, expected: 'truncated' },
  { ...AT_A_RATE, name: 'nothing listens', server: null, expected: 'refused' },
  {
    name: 'server killed with requests in flight',
    server: { fault: 'hold', times: HELD },
    expected: 'lost after it was read',
    ours: { pooled: true, send: { atOnce: HELD }, forMs: 3000 },
    autocannon: { connections: HELD, ratePerSecond: null, seconds: 3 },
    wrk: { connections: HELD, seconds: 3 },
  },
];

/** A client's word on a fault, and how often the server says that it did it; null where there is no server. */
interface Told<T> {
  readonly hit: number | null;
  readonly told: T;
}

/** What each tool reports of the same faults. */
export async function faults(hasWrk: boolean): Promise<Section> {
  const rows: string[][] = [];
  const targets: Section['targets'][number][] = [];
  for (const fault of FAULTS) {
    const ours = await tell(fault, (port) =>
      lastOf<PlainLoadResult>('plain-load', { ...fault.ours, port } satisfies PlainLoad),
    );
    const autocannon = await tell(fault, (port) =>
      resultOf<Counts>('plain-autocannon', 'client', { ...fault.autocannon, port }),
    );
    const wrk = hasWrk ? await tell(fault, (port) => wrkTells(port, fault)) : null;
    const truths = [ours, autocannon, ...(wrk ? [wrk] : [])].map(({ hit }) => hit ?? 'all');
    rows.push([
      fault.name,
      [...new Set(truths)].join(' / '),
      counted(ours.told.endings),
      counted(autocannon.told),
      wrk?.told ?? 'n/a',
    ]);
    const found = ours.told.endings[fault.expected] ?? 0;
    const off = Math.abs(found - (ours.hit ?? ours.told.scheduled));
    targets.push({ name: `${fault.name}: told otherwise than by the server`, measured: off, atMost: 0 });
    console.error(fault.name);
  }
  return {
    title: 'What is told of the same faults',
    text:
      'Hit: how many requests the server did it to, by its own count; where the tools differ, in the order of the ' +
      'columns. Every other request is hit until there were enough, so the rest is answered. A server that is killed ' +
      'leaves nothing that listens, and what the peers send afterwards adds to their errors. Where a tool was hit less ' +
      'often, it had stopped sending.',
    table: { head: ['fault', 'hit', 'ours', 'autocannon', 'wrk'], rows },
    targets,
  };
}

type Counts = Readonly<Record<string, number>>;

/** Has a client meet a fault. */
async function tell<T>({ server }: Fault, client: (port: number) => Promise<T>): Promise<Told<T>> {
  await using child = new Child('faulty-server', 'server', server ?? { fault: 'hold', times: 0 });
  const port = await child.next<number>();
  if (server === null) {
    await child[Symbol.asyncDispose]();
    return { hit: null, told: await client(port) };
  }
  const done = child.next<string>();
  // A client that meets too little of the fault ends first; the target then shows it.
  done.catch(() => {});
  const told = client(port);
  await Promise.race([done, told]);
  if (server.fault === 'hold') {
    const hit = await child.ask<number>('count');
    child.kill('SIGKILL');
    return { hit, told: await told };
  }
  return { told: await told, hit: await child.ask<number>('count') };
}

/** A program's second message; the first says that it has started. */
async function lastOf<T>(program: string, argument: unknown): Promise<T> {
  await using child = new Child(program, 'client', argument);
  await child.next<string>();
  return await child.next<T>();
}

async function wrkTells(port: number, { wrk }: Fault): Promise<string> {
  const { output } = await runWrk(port, wrk.connections, wrk.seconds);
  const parts = [/unable to connect/, /\d+ requests in/, /Socket errors:.*/, /Non-2xx.*/].flatMap(
    (pattern) => pattern.exec(output)?.[0].trim() ?? [],
  );
  return parts.join('; ').replace(' in', '');
}

function counted(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'nothing' : parts.map(([word, count]) => `${count} ${word}`).join(', ');
}
