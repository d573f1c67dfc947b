/*
 * Holds what is told of each request against the journal of the app that it was sent to: whether it was answered, and
 * where it was lost or refused, whether the app had read it. The app ends connections in many ways, at several rates, on
 * fresh and on kept-alive connections; as a process of this machine, in containers, and behind the engine's proxy.
 *
 * It asks for agreement on every answer, for 99.9 % of the losses of either kind and of the refusals, and that no
 * request that was read is called refused. "Not told" are losses told as unknown where the wire does not show more.
 *
 * Usage: node scripts/verify-classification.ts [requests, default 220000]
 */
import Table from 'cli-table3';

import { addTo, type Agreement, compare, type Comparison, type Life, noComparison } from './classification/compare.ts';
import { runContainer } from './classification/container-run.ts';
import { CONTAINER_ENDINGS, type Ending, ENDINGS } from './classification/endings.ts';
import { type Demand, runProcess } from './classification/process-run.ts';
import { baseImage } from './setup/base-image.mjs';

const REQUESTS = Number(process.argv[2] ?? 220_000);
const RATES = [50, 500, 1000, 2000];
const CONTAINER_RATES = [500, 2000];
const CONNECTIONS = ['fresh', 'pooled'] as const;
const MIN_SHARE = 0.999;
/** An app that is ended has several lives, each at least so long; there is something to see only at their ends. */
const LIFE_MS = 600;
const CONTAINER_LIFE_MS = 1500;
const MAX_SHOWN = 10;

const table = new Table({
  head: [
    'ending',
    'app',
    'connections',
    'rate',
    'requests',
    'answered',
    'lost, read',
    'lost, unread',
    'not told',
    'between',
    'refused',
    'other',
  ],
  style: { head: [], border: [] },
});
const total = noComparison();
const buildArgs = { NODE_IMAGE: await baseImage() };
const perRate = ENDINGS.length * CONNECTIONS.length * RATES.reduce((sum, rate) => sum + rate, 0);
const durationMs = (REQUESTS / perRate) * 1000;
for (const ending of ENDINGS) {
  const lives = ending.signal === null ? 1 : Math.max(1, Math.floor(durationMs / LIFE_MS));
  await each(ending, 'process', RATES, lives, durationMs / lives, (demand) => runProcess(ending, demand));
}
for (const ending of CONTAINER_ENDINGS) {
  const app = ending.viaProxy ? 'published port' : 'container';
  await each(ending, app, CONTAINER_RATES, 1, CONTAINER_LIFE_MS, (demand) => runContainer(ending, demand, buildArgs));
}
table.push(['total', '', '', '', ...cells(total)]);
const isGood =
  total.requests >= REQUESTS * MIN_SHARE &&
  total.answered.agree === total.answered.of &&
  [total.lostRead, total.lostUnread, total.refused].every((one) => one.agree >= one.of * MIN_SHARE && one.of > 0) &&
  total.contradictions.length === 0;
console.log(`${table.toString()}\n${isGood ? 'As it should be.' : 'NOT as it should be.'}`);
process.exitCode = isGood ? 0 : 1;

/** A row of the table for each rate and each sort of connections. */
async function each(
  ending: Ending,
  app: string,
  rates: readonly number[],
  lives: number,
  lifeMs: number,
  live: (demand: Demand) => Promise<Life>,
): Promise<void> {
  for (const connections of CONNECTIONS) {
    for (const ratePerSecond of rates) {
      const sum = noComparison();
      for (let n = 0; n < lives; n++) compare(sum, await live({ ratePerSecond, connections, durationMs: lifeMs }));
      const row = [ending.name, app, connections, ratePerSecond, ...cells(sum)];
      table.push(row);
      console.error(row.join(' | '));
      for (const one of sum.contradictions.slice(0, MAX_SHOWN)) console.error(`  ${one}`);
      addTo(total, sum);
    }
  }
}

function cells(one: Comparison): readonly (string | number)[] {
  return [
    one.requests,
    share(one.answered),
    share(one.lostRead),
    share(one.lostUnread),
    one.untold || '',
    one.between || '',
    share(one.refused),
    one.contradictions.length || '',
  ];
}

function share({ of, agree }: Agreement): string {
  return of === 0 ? '' : `${agree} of ${of}`;
}
