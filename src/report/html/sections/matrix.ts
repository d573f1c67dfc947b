import { rolloutRowOf, type Row, rowOf } from '../../rows.ts';
import type { Result } from '../../../result.ts';
import { time, whole } from '../../text.ts';
import { type Markup, markup } from '../markup.ts';
import { badge, NONE, number, section, table, yesNo } from '../parts.ts';

/** A row for each run and roll-out, which leads to all of it. */
export function matrixSection({ runs, rollouts = [] }: Result, ids: readonly string[]): Markup {
  const rows = [...runs.map(rowOf), ...rollouts.map(rolloutRowOf)];
  const isScenarios = rows.some(({ asExpected }) => asExpected !== null);
  const expected = isScenarios ? ['as expected'] : [];
  return section(
    { id: 'all', level: 2 },
    'matrix',
    'All runs',
    table(
      'A row for each run; its name opens it',
      ['name', 'verdict', 'why', 'SIGKILL', number('exit code'), number('lost'), number('drain'), ...expected],
      rows.map((row, nth) => cellsOf(row, ids[nth] ?? '', isScenarios, nth, rows)),
    ),
  );
}

function cellsOf(row: Row, id: string, isScenarios: boolean, nth: number, rows: readonly Row[]) {
  const isNamesake = rows.some(({ name }, other) => name === row.name && other !== nth);
  return [
    markup`<a href="#${id}">${isNamesake ? `Run ${nth + 1}: ${row.name}` : row.name}</a>`,
    badge(row.verdict),
    row.why ?? NONE,
    yesNo(row.sigkill),
    String(row.exitCode ?? '?'),
    whole(row.lost),
    row.drainMs === null ? NONE : time(row.drainMs),
    ...(isScenarios ? [row.asExpected === null ? NONE : row.asExpected ? 'yes' : markup`<strong>NO</strong>`] : []),
  ];
}
