/*
 * Runs all built-in scenarios side by side, or those whose names begin as asked, several times in a row. Says which were
 * ever not as expected, and how long a round took against its longest scenario.
 *
 * Usage: node scripts/verify-scenarios.ts [rounds, default 10] [beginning of a name ...]
 */
import { availableParallelism } from 'node:os';

import { loadScenarios, runScenarios } from '../src/index.ts';
import { recordsOf } from '../src/result.ts';

const [rounds = '10', ...beginnings] = process.argv.slice(2);
const ROUNDS = Number(rounds);
const MAX_RATIO = 2;

const all = await loadScenarios();
const scenarios = all.filter(({ name }) => beginnings.length === 0 || beginnings.some((one) => name.startsWith(one)));
let isGood = true;
for (let round = 1; round <= ROUNDS; round++) {
  const result = await runScenarios(scenarios, { parallel: availableParallelism() * 8 });
  const { durationMs } = result;
  const records = recordsOf(result);
  const longestMs = Math.max(...records.map((record) => record.durationMs));
  const odd = records.filter(({ asExpected }) => asExpected !== true);
  isGood &&= odd.length === 0 && durationMs <= longestMs * MAX_RATIO;
  const took = `${(durationMs / 1000).toFixed(1)} s, ${(durationMs / longestMs).toFixed(2)} times the longest scenario`;
  console.log(`round ${round}: ${records.length - odd.length} of ${records.length} as expected, in ${took}`);
  for (const { scenario, unexpected, findings } of odd)
    console.log(`  ${scenario}: ${unexpected.join('; ')}; ${findings.map(({ message }) => message).join(' ')}`);
}
console.log(isGood ? 'As it should be.' : 'NOT as it should be.');
process.exitCode = isGood ? 0 : 1;
