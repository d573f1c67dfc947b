import type { RepeatRecord } from '../../repeat/record.ts';
import { type Group, groupsOf } from '../../repeat/groups.ts';
import { worstOf } from '../../repeat/series.ts';
import type { Result, RunRecord } from '../../result.ts';
import { costOf } from '../../result.ts';
import { heading, type Look } from '../look.ts';
import { breakCode, paragraph, plural, time, whole } from '../text.ts';
import { whyOf } from '../totals.ts';
import { causesText, repeatSentence, worthText } from './repeat-words.ts';
import { titleLine } from './services.ts';
import { spreadTable } from './spread-table.ts';
import { plainTable } from './tables.ts';
import { paintVerdict } from './verdict-line.ts';

/** More rows than these are no table that anybody reads: then only the runs that do not pass have one. */
const MOST_ROWS = 30;
const WHY_WIDTH = 22;

/**
 * Checks that were repeated: how often it fails before all else, how far the times spread, a row for each run, and the whole
 * report of the worst run. Where there are several plans, each under its name.
 */
export function repeatsReport(result: Result, look: Look, reportOf: (run: RunRecord) => string): string {
  const groups = groupsOf(result);
  if (groups.length === 1) return groups.map((group) => groupReport(group, look, reportOf)).join('');
  const passed = groups.filter(({ record }) => record.verdict === 'pass').length;
  const word = result.verdict.toUpperCase();
  const counted = `${passed} of ${plural(groups.length, 'target')} passed, in ${time(result.durationMs)}.`;
  const lines = groups.map(({ record, runs }) => {
    const text = paragraph(`${record.name}: ${repeatSentence(record, runs)}`, look.width, '  ', 4);
    return text;
  });
  return [
    `${paintVerdict(look, result.verdict, word)}  ${counted}\n`,
    `${lines.join('\n')}\n`,
    ...groups.map((group) => `${titleLine(group.record.name, look)}\n\n${groupReport(group, look, reportOf)}`),
  ].join('\n');
}

function groupReport({ record, runs }: Group, look: Look, reportOf: (run: RunRecord) => string): string {
  const worst = worstOf(runs);
  if (record.asked === 1) return reportOf(worst);
  const sections = [
    [headline(record, runs, look), ...endedEarly(record, look)],
    causesText(runs).map((text) => paragraph(text, look.width)),
    spreadLines(record, look),
    rowLines(runs, look),
    [titleLine(worstTitle(record, runs.indexOf(worst) + 1), look)],
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n\n${reportOf(worst)}`;
}

function spreadLines(record: RepeatRecord, look: Look): readonly string[] {
  const { runs, timed } = record;
  const those = `${plural(timed, 'run')} that ended by ${timed === 1 ? 'itself' : 'themselves'}, with nothing cut off`;
  return [
    `${heading(look, 'Spread')}  from the signal to the last answer (drain), and of the whole stop (exit)`,
    spreadTable(record, look),
    ...(timed === runs || timed === 0 ? [] : [paragraph(`Drain and exit are of the ${those}.`, look.width, '  ')]),
    ...worthText(record).map((sentence) => paragraph(sentence, look.width, '  ')),
  ];
}

function headline(record: RepeatRecord, runs: readonly RunRecord[], look: Look): string {
  const word = record.verdict.toUpperCase();
  const text = paragraph(repeatSentence(record, runs), look.width, `${word}  `);
  return paintVerdict(look, record.verdict, text.slice(0, word.length)) + text.slice(word.length);
}

/** Why there are fewer runs than were asked for. */
function endedEarly({ ended, runs, asked }: RepeatRecord, look: Look): readonly string[] {
  const done = `after ${whole(runs)} of ${plural(asked, 'run')}`;
  switch (ended.kind) {
    case 'complete':
      return [];
    case 'interrupted':
      return [paragraph(`Interrupted ${done}; what follows is of these.`, look.width)];
    case 'broken':
      return [paragraph(`Ended ${done}: run ${whole(runs + 1)} could not be run. ${ended.because}`, look.width)];
  }
}

function worstTitle({ verdict, runs }: RepeatRecord, nth: number): string {
  const which = { fail: 'the worst of them', inconclusive: 'one that could not tell', pass: 'the longest of them' };
  return `${which[verdict]}: run ${nth} of ${runs}`;
}

function rowLines(runs: readonly RunRecord[], look: Look): readonly string[] {
  const numbered = runs.map((run, nth) => ({ run, nth: nth + 1 }));
  const shown = runs.length <= MOST_ROWS ? numbered : numbered.filter(({ run }) => run.verdict !== 'pass');
  const told = shown.slice(0, MOST_ROWS);
  const left = runs.length - told.length;
  const more = left === 0 ? [] : [`  ${whole(left)} more ${left === 1 ? 'is' : 'are'} in the saved result.`];
  if (told.length === 0) return [heading(look, 'Runs'), ...more];
  const head = ['run', 'verdict', 'why', 'SIG\nKILL', 'exit\ncode', 'lost', 'drain', 'exit'];
  const aligns = head.map((_, nth) => (nth === 1 || nth === 2 || nth === 3 ? 'left' : 'right'));
  const rows = told.map(({ run, nth }) => [whole(nth), ...cellsOf(run, look)]);
  return [heading(look, 'Runs'), plainTable(head, rows, aligns, look), ...more];
}

function cellsOf(run: RunRecord, look: Look): readonly string[] {
  const none = look.unicode ? '·' : '-';
  const { sigkillFired, exitCode, drainMs, exitedAtMs } = run.termination;
  return [
    paintVerdict(look, run.verdict, run.verdict === 'inconclusive' ? 'unclear' : run.verdict),
    breakCode(whyOf(run)?.code ?? none, WHY_WIDTH),
    sigkillFired === null ? '?' : sigkillFired ? 'yes' : 'no',
    String(exitCode ?? '?'),
    whole(costOf(run)),
    drainMs === null ? none : time(drainMs),
    exitedAtMs === null ? none : time(exitedAtMs),
  ];
}
