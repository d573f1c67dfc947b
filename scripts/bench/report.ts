import { availableParallelism, release } from 'node:os';

import Table from 'cli-table3';

import { isFirst, isPinned } from './child.ts';
import { quietness } from './quiet.ts';
import { isMet, limitOf, type Section, type TableOf, type Target } from './section.ts';
import { shown } from './statistics.ts';

/** What was compared with, and in which version; null where it is not on this machine. */
export type Versions = Readonly<Record<string, string | null>>;

/** All targets with what was measured, worst news last. */
export function targetTable(targets: readonly Target[]): TableOf {
  return {
    head: ['target', 'asked', 'measured', 'met'],
    rows: targets.map((target) => [target.name, limitOf(target), shown(target.measured), isMet(target) ? 'yes' : 'NO']),
  };
}

/** A table for the terminal. */
export function drawn({ head, rows }: TableOf): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** The whole report, as Markdown. */
export function markdown(sections: readonly Section[], versions: Versions): string {
  const targets = sections.flatMap((section) => section.targets);
  return [
    '# Measurements',
    'Made by `npm run bench` in one run on one machine. Compare the ratios; the rest is that machine’s.',
    machine(versions),
    '## Targets',
    markdownTable(targetTable(targets)),
    ...sections.flatMap(({ title, text, table }) => [`## ${title}`, text, markdownTable(table)]),
    '',
  ].join('\n\n');
}

function machine(versions: Versions): string {
  const kernel = /^\d+(\.\d+)*/.exec(release())?.[0] ?? release();
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version ?? 'not here'}`);
  return [
    `- ${availableParallelism()} cores, ${process.platform} ${kernel}, Node ${process.versions.node}`,
    `- ${peers.join(', ')}`,
    `- clients and servers ${isPinned ? 'on a core each' : 'wherever the system puts them'}${isFirst ? ', before other work' : ''}`,
    `- ${quietness()}`,
  ].join('\n');
}

function markdownTable({ head, rows }: TableOf): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
