import { stripVTControlCharacters } from 'node:util';

import { costOf, type Result, type RunRecord } from '../result.ts';
import { type Look, paint } from './look.ts';
import { plainTable } from './tables.ts';
import { breakCode, paragraph, plural, time, whole } from './text.ts';
import { doubtOf, whyOf } from './totals.ts';
import { paintVerdict, verdictLine } from './verdict-line.ts';

/** Columns for the code where the table would be wider than the terminal. */
const NARROW_WHY = 15;

/** Several runs: a row each, then a paragraph for each that did not do as it says. */
export function scenarioReport(result: Result, look: Look): string {
  const odd = result.runs.filter(({ asExpected }) => asExpected === false);
  const sections = [
    headline(result, odd, look),
    runTable(result.runs, look, 'scenario'),
    ...odd.map((run) => oddity(run, look)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function headline({ runs, durationMs }: Result, odd: readonly RunRecord[], look: Look): string {
  const word = odd.length === 0 ? 'AS EXPECTED' : 'NOT AS EXPECTED';
  const style = odd.length === 0 ? 'green' : 'red';
  const counted = `${whole(runs.length - odd.length)} of ${plural(runs.length, 'scenario')} did as they say, in ${time(durationMs)}.`;
  return `${paint(look, ['bold', style], word)}  ${counted}`;
}

/** A row for each run; whether it is as expected is a scenario's question. */
export function runTable(runs: readonly RunRecord[], look: Look, of: 'scenario' | 'service'): string {
  const columns = of === 'scenario' ? COLUMNS : COLUMNS.slice(0, -1);
  const head = [of, ...columns.map(([name]) => name)];
  const aligns = ['left', ...columns.map(([, align]) => align)] as const;
  const draw = (whyWidth: number): string =>
    plainTable(
      head,
      runs.map((run) => row(run, whyWidth, look).slice(0, head.length)),
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

function row(run: RunRecord, whyWidth: number, look: Look): readonly string[] {
  const { termination } = run;
  const none = look.unicode ? '·' : '-';
  return [
    run.scenario ?? run.plan.resolved.service ?? run.target.reference,
    paintVerdict(look, run.verdict, run.verdict === 'inconclusive' ? 'unclear' : run.verdict),
    breakCode(whyOf(run)?.code ?? none, whyWidth),
    termination.sigkillFired === null ? '?' : termination.sigkillFired ? 'yes' : 'no',
    String(termination.exitCode ?? '?'),
    whole(costOf(run)),
    termination.drainMs === null ? none : time(termination.drainMs),
    run.asExpected === null ? none : run.asExpected ? 'yes' : paint(look, ['bold', 'red'], 'NO'),
  ];
}

function oddity(run: RunRecord, look: Look): string {
  const title = paint(look, 'bold', `${run.scenario ?? run.target.reference} is not as expected`);
  const differences = run.unexpected.map((sentence) => paragraph(sentence, look.width, '  - '));
  const findings = run.findings
    .filter((finding) => finding !== doubtOf(run))
    .map(({ code, message }) => paragraph(`${code}: ${message}`, look.width, '  '));
  return [title, ...differences, verdictLine(run, look), ...findings].join('\n');
}
