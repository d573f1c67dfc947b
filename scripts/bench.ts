/*
 * Measures the load generator against its peers on this machine: what a second of processor time is worth, how evenly
 * and how late requests leave, what a frozen server does to it, what its records weigh, and what each tool reports of
 * the same faults. Takes under ten minutes, writes reports/bench.md, and exits 1 where a target is missed.
 *
 * Usage: node scripts/bench.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { arrivals } from './bench/arrivals.ts';
import { faults } from './bench/faults.ts';
import { freeze } from './bench/freeze.ts';
import { memory } from './bench/memory.ts';
import { drawn, markdown, targetTable } from './bench/report.ts';
import { isMet, type Section } from './bench/section.ts';
import { throughput } from './bench/throughput.ts';
import { findWrk } from './bench/wrk.ts';

const ROOT = path.join(import.meta.dirname, '..');
const REPORT = path.join(ROOT, 'reports', 'bench.md');

const wrk = await findWrk();
const hasWrk = wrk !== null;
const versions = { undici: versionOf('undici'), autocannon: versionOf('autocannon'), wrk };
const sections: Section[] = [];
for (const measure of [throughput, arrivals, freeze, memory, faults]) {
  const section = await measure(hasWrk);
  console.log(`\n${section.title}\n${drawn(section.table)}`);
  sections.push(section);
}
const targets = sections.flatMap((section) => section.targets);
console.log(`\nTargets\n${drawn(targetTable(targets))}`);
mkdirSync(path.dirname(REPORT), { recursive: true });
writeFileSync(REPORT, markdown(sections, versions));

const missed = targets.filter((target) => !isMet(target));
console.log(missed.length === 0 ? 'All targets are met.' : `Missed: ${missed.map(({ name }) => name).join('; ')}.`);
process.exitCode = missed.length === 0 ? 0 : 1;

function versionOf(name: string): string {
  const file = path.join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
