import type { Sorted } from '../without-engine/sort-out.ts';

/** The scenarios, what each expects, and whether it runs without an engine. */
export function listOf(sorted: readonly Sorted[]): string {
  const width = Math.max(0, ...sorted.map(({ scenario }) => scenario.name.length));
  const indent = `${' '.repeat(width)}  `;
  return sorted
    .map(({ scenario: { name, title, expected }, how }) => {
      const expects = [expected.verdict, ...(expected.findings ?? [])].join(', ');
      const runs = how.kind === 'command' ? 'yes' : `no, ${how.because}`;
      return `${name.padEnd(width)}  ${title}\n${indent}expects: ${expects}\n${indent}without an engine: ${runs}\n`;
    })
    .join('');
}

/** Those that do not run without an engine, a line for each reason. */
export function leftOut(sorted: readonly Sorted[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { scenario, how } of sorted) {
    if (how.kind !== 'command') names.set(how.because, [...(names.get(how.because) ?? []), scenario.name]);
  }
  return [...names].map(([because, those]) => `  ${those.join(', ')}: ${because}`);
}
