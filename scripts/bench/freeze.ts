import { setTimeout as delay } from 'node:timers/promises';

import { Child } from './child.ts';
import type { PlainLoad, PlainLoadResult } from './jobs.ts';
import type { Section } from './section.ts';
import { median, rotated, shown } from './statistics.ts';

const REPETITIONS = 5;
const RATE = 2000;
const BEFORE_MS = 1000;
const FROZEN_MS = 2000;
const AFTER_MS = 1000;
const FOR_MS = BEFORE_MS + FROZEN_MS + AFTER_MS;
/** Of the requests that the rate makes in the time; the ends of it are not sharp. */
const SCHEDULED_SHARE = 0.99;

const KINDS = ['pooled', 'fresh and pooled'] as const;
type Kind = (typeof KINDS)[number];

/** A server that is frozen for a while and goes on. The schedule must not: every request leaves, and every one ends. */
export async function freeze(): Promise<Section> {
  const results: Record<Kind, PlainLoadResult[]> = { pooled: [], 'fresh and pooled': [] };
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const kind of rotated(KINDS, repetition)) {
      results[kind].push(await freezeOnce(kind === 'pooled'));
      console.error(`frozen server, ${kind}`);
    }
  }
  const sum = (kind: Kind, value: (result: PlainLoadResult) => number): number =>
    results[kind].reduce((total, result) => total + value(result), 0);
  const unended = (kind: Kind): number =>
    sum(kind, ({ scheduled, endings }) => scheduled - (endings['completed'] ?? 0));
  const least = (kind: Kind): number => Math.min(...results[kind].map(({ scheduled }) => scheduled));
  return {
    title: `A server frozen for ${FROZEN_MS / 1000} s at ${shown(RATE)}/s`,
    text:
      `SIGSTOP, ${FROZEN_MS / 1000} s, SIGCONT, in a load of ${FOR_MS / 1000} s, ${REPETITIONS} times. The schedule ` +
      `asks for ${shown((RATE * FOR_MS) / 1000)} requests each time; all have to leave, and to be answered in the end.`,
    table: {
      head: ['connections', 'least scheduled', 'not sent', 'not answered', 'late p50 ms', 'late p99 ms', 'first fault'],
      rows: KINDS.map((kind) => [
        kind,
        shown(least(kind)),
        shown(
          sum(kind, ({ faults }) => faults),
          0,
        ),
        shown(unended(kind), 0),
        shown(median(results[kind].map(({ lateness }) => lateness?.p50Ms ?? NaN))),
        shown(median(results[kind].map(({ lateness }) => lateness?.p99Ms ?? NaN))),
        results[kind].find(({ firstFault }) => firstFault !== null)?.firstFault ?? 'none',
      ]),
    },
    targets: KINDS.flatMap((kind) => [
      { name: `frozen server, ${kind}: not sent`, measured: sum(kind, ({ faults }) => faults), atMost: 0 },
      { name: `frozen server, ${kind}: not answered`, measured: unended(kind), atMost: 0 },
      {
        name: `frozen server, ${kind}: scheduled`,
        measured: least(kind),
        atLeast: ((RATE * FOR_MS) / 1000) * SCHEDULED_SHARE,
      },
    ]),
  };
}

async function freezeOnce(pooled: boolean): Promise<PlainLoadResult> {
  await using server = new Child('server', 'server');
  const port = await server.next<number>();
  const job: PlainLoad = { port, pooled, send: { ratePerSecond: RATE }, forMs: FOR_MS };
  await using client = new Child('plain-load', 'client', job);
  await client.next<string>();
  await delay(BEFORE_MS);
  server.kill('SIGSTOP');
  await delay(FROZEN_MS);
  server.kill('SIGCONT');
  return await client.next<PlainLoadResult>();
}
