/*
 * Stops drains under 1,500 requests a second, again and again. Clean ones, Node's `server.close()` and Go's
 * `http.Server.Shutdown`, cross with requests in nearly every stop and must pass all the same. http-terminator, which
 * accepts what comes late and destroys it, must fail every time with LATE_LOST.
 *
 * Usage: node scripts/verify-drains.ts [stops of each kind, default 50] [one of the apps]
 */
import Table from 'cli-table3';

import { run, type RunOptions, type Verdict } from '../src/index.ts';
import { explain } from './drains/explain.ts';
import { type App, APPS, buildImage } from './drains/images.ts';

const STOPS = Number(process.argv[2] ?? 50);
const ONLY = process.argv[3];
/**
 * How long an answer takes. For a drain long enough for several in flight at this rate, and short enough to be over at
 * once. http-terminator accepts and destroys for as long: more than a busy machine holds the load up.
 */
const WORK_MS: Readonly<Record<App, string>> = { node: '5', go: '5', 'http-terminator': '50' };

const OPTIONS = { image: true, pull: 'never', rate: 1500, warmupMs: 1200 } as const;

/** How the requests of a case connect; in the last one the app ends every connection itself. */
const CONNECTIONS = {
  fresh: { connections: 'fresh', env: {} },
  pooled: { connections: 'pooled', env: {} },
  'Connection: close': { connections: 'pooled', env: { CONNECTION: 'close' } },
} as const satisfies Record<string, Partial<RunOptions>>;

const abort = new AbortController();
// Not `once`: a listener of testcontainers' ends the process where it finds no other that stays.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort(new Error(signal)));

const table = new Table({
  head: ['app', 'connections', 'stops', 'pass', 'fail', 'inconclusive', 'with a race', 'unread losses', 'requests'],
  style: { head: [], border: [] },
});
let isGood = true;
try {
  for (const app of APPS.filter((name) => ONLY === undefined || name === ONLY)) await stopEachWay(app);
  console.log(`${table.toString()}\n${isGood ? 'As it should be.' : 'NOT as it should be.'}`);
  process.exitCode = isGood ? 0 : 1;
} catch (error) {
  if (!abort.signal.aborted) throw error;
  process.exitCode = 130;
}

/** Builds an app's image once and stops it in every way that says something of it. */
async function stopEachWay(app: App): Promise<void> {
  await using image = await buildImage(app, abort.signal);
  if (image === null) {
    console.log('Go is not installed and cannot be: its cases are skipped.');
    return;
  }
  const isClean = app !== 'http-terminator';
  for (const [name, way] of Object.entries(CONNECTIONS)) {
    // On kept-alive connections it destroys nothing that it has taken.
    if (!isClean && name !== 'fresh') continue;
    const row = await stopAgainAndAgain(
      `${app}, ${name}`,
      { ...OPTIONS, ...way, target: image.tag, env: { ...way.env, WORK_MS: WORK_MS[app] } },
      isClean,
    );
    isGood &&= row.isGood;
    table.push([app, name, STOPS, row.pass, row.fail, row.inconclusive, row.raced, row.unread, row.requests]);
  }
}

/** Counts how so many stops of the same app end, and tells what it takes to see why one is not as it should be. */
async function stopAgainAndAgain(name: string, options: RunOptions, isClean: boolean) {
  const verdicts: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0 };
  const sum = { raced: 0, unread: 0, requests: 0 };
  let areGood = true;
  for (let stop = 1; stop <= STOPS; stop++) {
    const { result, ledgers } = await run(options, { signal: abort.signal });
    const [record] = result.runs;
    const [ledger] = ledgers;
    if (!record || !ledger) throw new Error('no run');
    const codes = record.findings.map(({ code }) => code);
    verdicts[record.verdict]++;
    sum.requests += record.requests.sent;
    sum.unread += record.requests.lostUnread;
    if (codes.some((code) => code.endsWith('_RESET'))) sum.raced++;
    const isGood = isClean ? record.verdict === 'pass' : record.verdict === 'fail' && codes.includes('LATE_LOST');
    areGood &&= isGood;
    console.error(`${stop}/${STOPS} ${name}: ${record.verdict} ${codes.join(' ')}`);
    if (!isGood)
      console.error(
        explain(record, ledger)
          .map((line) => `  ${line}`)
          .join('\n'),
      );
  }
  return { ...verdicts, ...sum, isGood: areGood };
}
