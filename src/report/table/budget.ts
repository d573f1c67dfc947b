import type { BudgetRecord, LoadTimes, Sorted } from '../../budget/record.ts';
import { type Distribution, ENOUGH_FOR_P90 } from '../../budget/distribution.ts';
import type { Result, RunRecord } from '../../result.ts';
import { adviceLines, confidenceLines } from './budget-advice.ts';
import { heading, type Look } from '../look.ts';
import { CONNECTIONS, mixText } from './measured.ts';
import { plainTable } from './tables.ts';
import { harmless, paragraph, period, plural, time, whole } from '../text.ts';
import { paintVerdict } from './verdict-line.ts';

/** Repeated stops: what is wrong before all else, then what they took, how sure that is, and what to set. */
export function budgetReport(result: Result, budget: BudgetRecord, look: Look): string {
  const { runs } = result;
  const sections = [
    [headline(result, budget, look), ...endedEarly(budget, runs, look)],
    ...budget.others.map((sorted) => otherLines(sorted, runs, look)),
    timesLines(budget, look),
    confidenceLines(budget, look),
    adviceLines(budget, look),
    measuredLines(budget, runs, look),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function headline({ verdict, runs }: Result, budget: BudgetRecord, look: Look): string {
  const word = verdict.toUpperCase();
  const text = paragraph(budgetSentence(budget, runs), look.width, `${word}  `);
  return paintVerdict(look, verdict, text.slice(0, word.length)) + text.slice(word.length);
}

/** What there is to say of a budget in one breath. */
export function budgetSentence(budget: BudgetRecord, runs: readonly RunRecord[]): string {
  const { advice, givenMs } = budget;
  const showsWhy = '`shutdown-check run` on the same target shows why';
  switch (advice.kind) {
    case 'noBound':
      return `No grace period up to ${period(givenMs)} is enough: the app was still running then, and SIGKILL ended it. What it needs has no upper bound here; ${showsWhy}, and what mends it.`;
    case 'mendFirst':
      return `${countOf(budget, runs, 'broken')} failed for another reason than time. A budget makes no sense before that is mended: ${showsWhy}.`;
    case 'unclear':
      return `Nothing could be measured: ${countOf(budget, runs, 'unclear')} could not tell.`;
    case 'recommended':
      return `${doubts(budget, runs)}${tookText(budget)}`;
  }
}

/** What goes before the figures where not every stop went as it should. */
function doubts(budget: BudgetRecord, runs: readonly RunRecord[]): string {
  const early = budget.others.some(({ worth }) => worth === 'early')
    ? `${countOf(budget, runs, 'early')} turned requests away while traffic was still routed to the app; the preStop sleep below mends that. `
    : '';
  const unclear = budget.others.some(({ worth }) => worth === 'unclear')
    ? `${countOf(budget, runs, 'unclear')} could not tell, and ${countIn(budget, 'unclear') === 1 ? 'does' : 'do'} not count. `
    : '';
  return early + unclear;
}

function tookText({ all, advice }: BudgetRecord): string {
  if (advice.kind !== 'recommended') return '';
  const { grace, sleep } = advice;
  const longest = all.exit.maxMs === null ? '' : ` ${time(all.exit.maxMs)} at the longest`;
  const beside = sleep && sleep.seconds > 0 ? ` with a preStop sleep of ${sleep.seconds} s` : '';
  return `${plural(all.stops, 'stop')} took${longest}, from the signal to the end of the process. Set a grace period of ${grace.seconds} s${beside}.`;
}

function countIn({ others }: BudgetRecord, wanted: Sorted['worth']): number {
  return others.filter(({ worth }) => worth === wanted).reduce((sum, { stops }) => sum + stops, 0);
}

function countOf(budget: BudgetRecord, runs: readonly RunRecord[], worth: Sorted['worth']): string {
  return `${whole(countIn(budget, worth))} of ${plural(runs.length, 'stop')}`;
}

/** Why there are fewer stops than were asked for. */
function endedEarly({ ended, runsAsked }: BudgetRecord, runs: readonly RunRecord[], look: Look): readonly string[] {
  const done = `after ${whole(runs.length)} of ${plural(runsAsked, 'run')}`;
  switch (ended.kind) {
    case 'complete':
      return [];
    case 'killed':
      return [paragraph(`Ended ${done}: each of the others would take as long, and tell no more.`, look.width)];
    case 'interrupted':
      return [paragraph(`Interrupted ${done}; what follows is of these.`, look.width)];
    case 'broken':
      return [paragraph(`Ended ${done}, for ${ended.because}`, look.width)];
  }
}

const WORDS = { early: 'Error', killed: 'Killed', broken: 'Failed', unclear: 'Inconclusive' } as const;

/** Stops of which the same is to be said, in the words of the first of them. */
function otherLines({ worth, why, stops }: Sorted, runs: readonly RunRecord[], look: Look): readonly string[] {
  const finding = runs.flatMap(({ findings }) => findings).find(({ code }) => code === why);
  const title = `${heading(look, WORDS[worth])} ${why ?? 'for no reason that was found'}: ${whole(stops)} of ${plural(runs.length, 'stop')}`;
  return finding === undefined ? [title] : [title, paragraph(finding.message, look.width, '  ')];
}

function timesLines(budget: BudgetRecord, look: Look): readonly string[] {
  const { loads, all } = budget;
  if (all.stops === 0) return [];
  const rows = loads.length > 1 ? [...loads, all] : loads;
  const hasP90 = all.drain.p90Ms !== null || all.exit.p90Ms !== null;
  const columns = hasP90 ? ['min', 'median', 'p90', 'max'] : ['min', 'median', 'max'];
  const head = (name: string): readonly string[] => columns.map((column, nth) => `${nth === 0 ? name : ''}\n${column}`);
  const cells = (times: Distribution): readonly string[] => cellsOf(times, hasP90, budget, look);
  const table = plainTable(
    ['\nreq/s', '\nstops', ...head('drain'), ...head('exit')],
    rows.map((row) => [loadText(row, row === all), whole(row.stops), ...cells(row.drain), ...cells(row.exit)]),
    Array.from({ length: 2 + 2 * columns.length }, () => 'right' as const),
    look,
  );
  const title = `${heading(look, 'Times')}  from the signal to the last answer (drain), and to the process's end`;
  return [title, table, ...undrained(budget, look)];
}

/** By the signal a pod's preStop may have let all requests end; a worker has none at any time. */
function undrained({ loads, all: { stops, drain } }: BudgetRecord, look: Look): readonly string[] {
  const isIdle = loads.every(({ ratePerSecond }) => ratePerSecond === null);
  const without = stops - drain.measured;
  const text = `No request was in flight at the signal in ${whole(without)} of ${plural(stops, 'stop')}.`;
  return isIdle || without === 0 ? [] : [paragraph(text, look.width, '  ')];
}

function loadText({ ratePerSecond }: LoadTimes, isAll: boolean): string {
  if (ratePerSecond === null) return isAll ? 'all' : 'none';
  return String(Math.round(ratePerSecond * 10) / 10);
}

function cellsOf(times: Distribution, hasP90: boolean, { givenMs }: BudgetRecord, look: Look): readonly string[] {
  const none = look.unicode ? '·' : '-';
  const cell = (ms: number | null): string => {
    if (ms !== null) return time(ms);
    return times.cut > 0 ? `> ${period(givenMs)}` : none;
  };
  const p90 = times.p90Ms === null && times.measured < ENOUGH_FOR_P90 ? none : cell(times.p90Ms);
  return [cell(times.minMs), cell(times.medianMs), ...(hasP90 ? [p90] : []), cell(times.maxMs)];
}

/** What the figures rest on. */
function measuredLines(budget: BudgetRecord, runs: readonly RunRecord[], look: Look): readonly string[] {
  const [first] = runs;
  if (first === undefined) return [];
  const { load } = first.plan.resolved;
  const asked = load.kind === 'none' ? 'no requests' : `${mixText(load.requests)}, ${CONNECTIONS[load.connections]}`;
  const hook = budget.hook === null ? 'without preStop' : `preStop \`${harmless(budget.hook)}\``;
  const lag = budget.routingLagMs === 0 ? '' : `, routing lag ${period(budget.routingLagMs)}`;
  const steps = budget.profile === 'docker' ? 'as `docker stop` stops it' : `as a pod is stopped, ${hook}${lag}`;
  const facts = [
    `Each stop ${steps}, with ${period(budget.givenMs)} of grace, whatever it is deployed with.`,
    `One after the other, of the same image, each at a moment drawn at random; ${asked}.`,
  ];
  return [heading(look, 'Measured'), ...facts.map((fact) => paragraph(fact, look.width, '  '))];
}
