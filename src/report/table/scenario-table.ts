import { stripVTControlCharacters } from 'node:util';

import type { Finding } from '../../diagnosis/finding.ts';
import type { Result, RunRecord } from '../../result.ts';
import { type Look, paint } from '../look.ts';
import { type Row, rolloutRowOf, rowOf } from '../rows.ts';
import { rolloutLine } from './rollout.ts';
import { rolloutDoubt } from './rollout-verdict.ts';
import { plainTable } from './tables.ts';
import { breakCode, paragraph, plural, time, whole } from '../text.ts';
import { doubtOf } from '../totals.ts';
import { paintVerdict, verdictLine } from './verdict-line.ts';

/** Columns for the code where the table would be wider than the terminal. */
const NARROW_WHY = 15;

/** Several runs and roll-outs: a row each, then a paragraph for each that did not do as it says. */
export function scenarioReport(result: Result, look: Look): string {
  const { runs, rollouts = [] } = result;
  const isOdd = ({ asExpected }: Pick<RunRecord, 'asExpected'>): boolean => asExpected === false;
  const odd = [
    ...runs.filter(isOdd).map((run) => oddity(run, verdictLine(run, look), doubtOf(run), look)),
    ...rollouts.filter(isOdd).map((one) => oddity(one, rolloutLine(one, look), rolloutDoubt(one), look)),
  ];
  const rows = [...runs.map((run) => rowOf(run)), ...rollouts.map((one) => rolloutRowOf(one))];
  const sections = [
    headline(rows.length, odd.length, result.durationMs, look),
    rowTable(rows, look, 'scenario'),
    ...odd,
  ];
  return `${sections.join('\n\n')}\n`;
}

function headline(all: number, odd: number, durationMs: number, look: Look): string {
  const word = odd === 0 ? 'AS EXPECTED' : 'NOT AS EXPECTED';
  const style = odd === 0 ? 'green' : 'red';
  const counted = `${whole(all - odd)} of ${plural(all, 'scenario')} did as they say, in ${time(durationMs)}.`;
  return `${paint(look, ['bold', style], word)}  ${counted}`;
}

/** A row for each run. */
export function runTable(runs: readonly RunRecord[], look: Look, of: 'service' | 'target'): string {
  return rowTable(
    runs.map((run) => rowOf(run)),
    look,
    of,
  );
}

/** Whether it is as expected is a scenario's question. */
function rowTable(rows: readonly Row[], look: Look, of: 'scenario' | 'service' | 'target'): string {
  const columns = of === 'scenario' ? COLUMNS : COLUMNS.slice(0, -1);
  const head = [of, ...columns.map(([name]) => name)];
  const aligns = ['left', ...columns.map(([, align]) => align)] as const;
  const draw = (whyWidth: number): string =>
    plainTable(
      head,
      rows.map((row) => cellsOf(row, whyWidth, look).slice(0, head.length)),
      aligns,
      look,
      0,
    );
  const drawn = draw(Number.POSITIVE_INFINITY);
  return widthOf(drawn) <= look.width ? drawn : draw(NARROW_WHY);
}

const COLUMNS = [
  ['verdict', 'left'],
  ['why', 'left'],
  ['SIG\nKILL', 'left'],
  ['exit\ncode', 'right'],
  ['lost', 'right'],
  ['drain', 'right'],
  ['as ex-\npected', 'left'],
] as const;

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length));
}

function cellsOf(row: Row, whyWidth: number, look: Look): readonly string[] {
  const none = look.unicode ? '·' : '-';
  return [
    row.name,
    paintVerdict(look, row.verdict, row.verdict === 'inconclusive' ? 'unclear' : row.verdict),
    breakCode(row.why ?? none, whyWidth),
    row.sigkill === null ? '?' : row.sigkill ? 'yes' : 'no',
    String(row.exitCode ?? '?'),
    whole(row.lost),
    row.drainMs === null ? none : time(row.drainMs),
    row.asExpected === null ? none : row.asExpected ? 'yes' : paint(look, ['bold', 'red'], 'NO'),
  ];
}

function oddity(
  record: Pick<RunRecord, 'scenario' | 'unexpected' | 'findings'> & { readonly target: { readonly reference: string } },
  line: string,
  doubt: Finding | null,
  look: Look,
): string {
  const title = paint(look, 'bold', `${record.scenario ?? record.target.reference} is not as expected`);
  const differences = record.unexpected.map((sentence) => paragraph(sentence, look.width, '  - '));
  const findings = record.findings
    .filter((finding) => finding !== doubt)
    .map(({ code, message }) => paragraph(`${code}: ${message}`, look.width, '  '));
  return [title, ...differences, line, ...findings].join('\n');
}
