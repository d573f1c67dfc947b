import { stopperOf } from '../../../plan/terms.ts';
import { costOf, type RunRecord } from '../../../result.ts';
import { period, time, whole } from '../../text.ts';
import { signalsOf } from '../../totals.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { list, yesNo } from '../parts.ts';

/** The figures that one asks for first. */
export function figuresPart(run: RunRecord): Markup {
  const figures = figuresOf(run).map(
    ([label, value, beside]) =>
      markup`<div><dt>${label}</dt><dd>${value}${beside === '' ? null : markup` <span>${beside}</span>`}</dd></div>\n`,
  );
  return markup`<dl class="figures">\n${figures}</dl>\n`;
}

type Figure = readonly [label: string, value: string, beside: string];

function figuresOf(run: RunRecord): readonly Figure[] {
  const { termination, requests, jobs } = run;
  const lost = jobs === null ? `of ${whole(requests.sent)} requests` : `of ${whole(jobs.started)} jobs`;
  const at = (ms: number | null): string => (ms === null ? '' : `at ${time(ms)}`);
  return [
    ['Lost', whole(costOf(run)), lost],
    ['SIGKILL', yesNo(termination.sigkillFired), killText(run)],
    ['Exit code', String(termination.exitCode ?? '?'), at(termination.exitedAtMs)],
    [
      'Drain',
      termination.drainMs === null ? '–' : time(termination.drainMs),
      `of ${period(run.plan.graceMs)} of grace`,
    ],
    ['In flight at the signal', whole(jobs?.underWayAtSignal ?? requests.inFlightAtSignal), 'at least'],
  ];
}

function killText(run: RunRecord): string {
  if (run.termination.sigkillFired !== true) return '';
  const kill = signalsOf(run).find(({ signal }) => signal === 'SIGKILL');
  const by = `by ${stopperOf(run.plan.resolved)}`;
  const seen = run.termination.sigkillEvidence === 'inferred' ? ', inferred' : '';
  return kill === undefined ? by + seen : `at ${time(kill.atMs)} ${by}${seen}`;
}

/** Whether a scenario's app did as the scenario says. */
export function expectationPart({
  scenario,
  asExpected,
  unexpected,
}: Pick<RunRecord, 'scenario' | 'asExpected' | 'unexpected'>): Markup {
  if (scenario === null || asExpected === null) return NOTHING;
  if (asExpected) return markup`<p class="expectation">Scenario ${scenario}: as expected.</p>`;
  return markup`<p class="expectation"><strong>Scenario ${scenario}: not as expected.</strong></p>${list(unexpected.map((one) => markup`${one}`))}`;
}
