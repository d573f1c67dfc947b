/*
 * Holds the program against software that this project did not write: every scenario that is made from Debian's
 * packages. curl asks steadily over a `docker stop`; what it gets, and the exit code that `docker inspect` shows, is the
 * truth, and the program's verdict and exit code have to agree with it.
 *
 * Usage, after set-up: node scripts/verify-software.ts [scenario...]
 */
import { readFile } from 'node:fs/promises';

import Table from 'cli-table3';

import { loadScenarios, runScenarios } from '../src/index.ts';
import { baseImage } from './setup/base-image.mjs';
import { stopByHand } from './software/stop-by-hand.ts';

const names = process.argv.slice(2);
const image = await baseImage('DEBIAN_IMAGE');
const table = new Table({
  head: ['scenario', 'by hand', 'exit', 'verdict', 'exit', 'cause', 'agree'],
  style: { head: [], border: [] },
});
let isGood = true;
for (const scenario of await loadScenarios()) {
  const { name, options } = scenario;
  if (names.length > 0 && !names.includes(name)) continue;
  if (!(await readFile(options.target, 'utf8')).includes('ARG DEBIAN_IMAGE') || options.load === 'none') continue;
  const truth = await stopByHand(options, image);
  const [record] = (await runScenarios([scenario], { parallel: 1 })).runs;
  if (!record) throw new Error(`${name} was not run.`);
  const { exitCode } = record.termination;
  // gunicorn that kills its own workers exits 0 or, where it trips over their ends, 1.
  const isSameExit = scenario.expected.exitCode === undefined || exitCode === truth.exitCode;
  const agree = (record.verdict === 'pass') === truth.isClean && isSameExit;
  isGood &&= agree && record.asExpected === true;
  const cause = record.verdict === 'pass' ? '' : (record.findings[0]?.code ?? '');
  const says = `${agree ? 'yes' : 'NO'}${record.asExpected === true ? '' : ', NOT as expected'}`;
  table.push([name, truth.told, truth.exitCode, record.verdict, exitCode, cause, says]);
  console.log(`${name}: ${says}`);
}
console.log(`${table.toString()}\n${isGood ? 'As it should be.' : 'NOT as it should be.'}`);
process.exitCode = isGood ? 0 : 1;
