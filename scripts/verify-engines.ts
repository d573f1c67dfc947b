/*
 * Runs every built-in scenario whose point is a command line on both engines, as an image on Docker and as a command of
 * this machine, and sets what came out side by side: verdict, cause, exit code and SIGKILL have to agree. Writes
 * reports/engines.md.
 *
 * Usage, as root, so that commands run side by side too: node scripts/verify-engines.ts
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, release } from 'node:os';

import { loadScenarios, type Result, type RunRecord, runScenarios } from '../src/index.ts';
import { shellWord } from '../src/report/text.ts';
import { type Sorted, sortOut } from '../src/without-engine/sort-out.ts';
import { isSame, outcomeOf, sayOutcome } from './engines/agreement.ts';

const FILE = 'reports/engines.md';

const sorted = await sortOut(await loadScenarios());
const scenarios = sorted.flatMap(({ scenario, how }) => (how.kind === 'command' ? [scenario] : []));
const parallel = availableParallelism() * 8;
const docker = await runScenarios(scenarios, { parallel });
const namespace = await runScenarios(scenarios, { parallel, engine: 'namespace' });
const rows = scenarios.map(({ name }) => rowOf(recordOf(docker, name), recordOf(namespace, name)));
await writeFile(FILE, report(rows));
const bad = rows.filter(({ agree, unexpected }) => !agree || unexpected.length > 0);
for (const { name, onDocker, onNamespace, unexpected } of bad)
  console.log([`${name}: ${onDocker}; as a command ${onNamespace}`, ...unexpected].join('\n  '));
console.log(`${rows.filter(({ agree }) => agree).length} of ${rows.length} agree. Written to ${FILE}.`);
process.exitCode = bad.length === 0 ? 0 : 1;

interface Row {
  readonly name: string;
  readonly command: string;
  readonly onDocker: string;
  readonly onNamespace: string;
  readonly agree: boolean;
  /** How either differs from what the scenario expects. */
  readonly unexpected: readonly string[];
}

function recordOf({ runs }: Result, name: string): RunRecord {
  const record = runs.find(({ scenario }) => scenario === name);
  if (!record) throw new Error(`${name} has no run`);
  return record;
}

function rowOf(image: RunRecord, command: RunRecord): Row {
  const init = command.plan.resolved.container.init ? '--init ' : '';
  return {
    name: image.scenario ?? '',
    command: init + (command.target.command ?? []).map(shellWord).join(' '),
    onDocker: sayOutcome(outcomeOf(image)),
    onNamespace: sayOutcome(outcomeOf(command)),
    agree: isSame(outcomeOf(image), outcomeOf(command)),
    unexpected: [...image.unexpected, ...command.unexpected],
  };
}

function report(all: readonly Row[]): string {
  const table = all.map(
    ({ name, command, onDocker, onNamespace, agree }) =>
      `| \`${name}\` | \`${command}\` | ${onDocker} | ${onNamespace} | ${agree ? 'yes' : 'NO'} |`,
  );
  return `# One command, two engines

Written by \`npm run verify:engines\` on Linux ${release()} with Node ${process.version}: every built-in scenario whose
point is a command line, once as an image in a container (${docker.engine.kind} ${docker.engine.version}), once as a command of this
machine in a bare PID namespace. Verdict, cause, exit code, and whether SIGKILL ended it after the grace period, have to
agree. ${all.filter(({ agree }) => agree).length} of ${all.length} do. Side by side they took ${seconds(docker)} as images, and ${seconds(namespace)} as commands.

| scenario | command | ${docker.engine.kind} | ${namespace.engine.kind} | agree |
| --- | --- | --- | --- | --- |
${table.join('\n')}

## About an image

${listOf('image')}
${missing()}`;
}

function seconds({ durationMs }: Result): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

function missing(): string {
  const list = listOf('missing');
  return list === '' ? '' : `\n## Not on this machine\n\n${list}\n`;
}

function listOf(kind: 'image' | 'missing'): string {
  return sorted
    .flatMap((one) => (one.how.kind === kind ? [`- \`${one.scenario.name}\`: ${reasonOf(one)}`] : []))
    .join('\n');
}

function reasonOf({ how }: Sorted): string {
  return how.kind === 'command' ? '' : how.because;
}
