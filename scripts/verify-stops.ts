/*
 * Stops apps that drain well again and again, the hard kinds: a handler of 2 ms, where little is in flight and much
 * crosses with the closing, and one that burns 20 ms of processor time, where requests wait for each other. None may
 * fail, and at most two in fifty may be inconclusive.
 *
 * Usage: node scripts/verify-stops.ts [stops of each kind, default 50]
 */
import Table from 'cli-table3';

import { run, type RunOptions, type Verdict } from '../src/index.ts';
import { baseImage } from './setup/base-image.mjs';

const STOPS = Number(process.argv[2] ?? 50);
const MAX_INCONCLUSIVE_SHARE = 0.04;

const FORMS = { 'exec form': 'Dockerfile', tini: 'tini.Dockerfile' };
const HANDLERS = { '2 ms': { WORK_MS: '2' }, '20 ms of CPU': { WORK_MS: '0', BURN_MS: '20' } };

const table = new Table({
  head: ['app', 'handler', 'stops', 'pass', 'fail', 'inconclusive', 'with a race', 'requests', 'rate'],
  style: { head: [], border: [] },
});
let isGood = true;
const buildArgs = { NODE_IMAGE: await baseImage() };
for (const [form, dockerfile] of Object.entries(FORMS)) {
  for (const [handler, env] of Object.entries(HANDLERS)) {
    const row = await stopAgainAndAgain({ target: `sample-apps/drains/${dockerfile}`, buildArgs, env, warmupMs: 2000 });
    isGood &&= row.fail === 0 && row.inconclusive <= STOPS * MAX_INCONCLUSIVE_SHARE;
    table.push([form, handler, STOPS, row.pass, row.fail, row.inconclusive, row.raced, row.requests, row.rates]);
  }
}
console.log(`${table.toString()}\n${isGood ? 'As it should be.' : 'NOT as it should be.'}`);
process.exitCode = isGood ? 0 : 1;

/** Counts how so many stops of the same app end. */
async function stopAgainAndAgain(options: RunOptions) {
  const verdicts: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0 };
  const rates: number[] = [];
  let raced = 0;
  let requests = 0;
  for (let stop = 1; stop <= STOPS; stop++) {
    const { result } = await run(options);
    for (const record of result.runs) {
      verdicts[record.verdict]++;
      requests += record.requests.sent;
      rates.push(record.plan.ratePerSecond);
      if (record.findings.some(({ code }) => code.endsWith('_RESET'))) raced++;
      const codes = record.findings.map(({ code }) => code).join(' ');
      console.error(`${stop}/${STOPS} ${JSON.stringify(options.env)}: ${record.verdict} ${codes}`);
    }
  }
  return { ...verdicts, raced, requests, rates: `${Math.min(...rates)} to ${Math.max(...rates)}/s` };
}
