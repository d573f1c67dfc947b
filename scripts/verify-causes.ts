/*
 * Runs all built-in scenarios with the kernel as witness, and sets the cause that the program names beside what the
 * kernel's record alone says. The causes are judged from the load, the process table, the masks and the kernel; here
 * the kernel's own record has to bear each of them out. Writes reports/causes.md.
 *
 * Usage, as root where tracefs is mounted: node scripts/verify-causes.ts
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

import { CAUSES, type CauseCode } from '../src/diagnosis/finding.ts';
import { tellStory } from '../src/diagnosis/story.ts';
import { loadScenarios, type RunRecord, runScenarios } from '../src/index.ts';
import { agrees } from './causes/agrees.ts';
import { kernelWord, sayWord } from './causes/kernel-word.ts';

const FILE = 'reports/causes.md';

// A roll-out is told by its users.
const single = (await loadScenarios()).filter(({ rollout }) => rollout === undefined);
const scenarios = single.map((scenario) => ({
  ...scenario,
  options: { ...scenario.options, kernelTrace: 'on' as const },
}));
const { runs, engine } = await runScenarios(scenarios, { parallel: availableParallelism() * 8 });
const rows = runs.map(rowOf);
await writeFile(FILE, report(rows));
const bad = rows.filter(({ agree, asExpected }) => !agree || !asExpected);
for (const { name, cause, word } of bad) console.log(`${name}: ${cause ?? 'no cause'}, but the kernel says ${word}`);
console.log(`${rows.length - bad.length} of ${rows.length} agree. Written to ${FILE}.`);
process.exitCode = bad.length === 0 ? 0 : 1;

interface Row {
  readonly name: string;
  readonly verdict: string;
  readonly cause: CauseCode | null;
  readonly word: string;
  readonly agree: boolean;
  readonly asExpected: boolean;
  readonly story: readonly string[];
}

function rowOf(record: RunRecord): Row {
  const cause = CAUSES.find((code) => record.findings.some((finding) => finding.code === code)) ?? null;
  const word = kernelWord(record);
  return {
    name: record.scenario ?? '',
    verdict: record.verdict,
    cause,
    word: word === null ? 'nothing was seen' : sayWord(word, record.processes.length > 1),
    agree: word !== null && agrees(cause, word),
    asExpected: record.asExpected === true,
    story: tellStory(record.observation, 0).map(({ atMs, text }) => `${(atMs / 1000).toFixed(3)} s  ${text}`),
  };
}

function report(all: readonly Row[]): string {
  const count = all.filter(({ agree }) => agree).length;
  const table = all.map(
    ({ name, verdict, cause, word, agree }) =>
      `| \`${name}\` | ${verdict} | ${cause === null ? '' : `\`${cause}\``} | ${word} | ${agree ? 'yes' : 'NO'} |`,
  );
  const stories = all.map(({ name, story }) => [`### ${name}`, '', '```text', ...story, '```', ''].join('\n'));
  return `# Causes, and what the kernel saw

Written by \`npm run verify:causes\` on ${engine.kind} ${engine.version}: every built-in scenario once, with the kernel's
own record of the signals (\`signal_generate\`, \`signal_deliver\`). The program judges by the requests, the processes and
their masks, and by the kernel where it may ask it; the fourth column is the kernel's record alone: what PID 1 and the
processes below it made of the stop signal, and who sent SIGKILL. ${count} of ${all.length} agree.

| scenario | verdict | cause | the kernel | agree |
| --- | --- | --- | --- | --- |
${table.join('\n')}

## The stories

Seconds from the call of the stop.

${stories.join('\n')}`;
}
