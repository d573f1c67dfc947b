import type { Result, RunRecord } from '../../result.ts';
import { baselineHeadLines, baselineLines } from './baseline.ts';
import { besideLines } from './beside.ts';
import { budgetReport } from './budget.ts';
import { endingLines, processLines } from './ending.ts';
import { findingLines } from './findings.ts';
import { kernelLines } from './kernel.ts';
import { heading, type Look, paint } from '../look.ts';
import type { Saved } from '../reporter.ts';
import { lostTable } from './lost-table.ts';
import { lastOutputLines, logMatchLines, signalOutputLines } from './logs.ts';
import { measuredLines } from './measured.ts';
import { moreLines } from './more.ts';
import { proofLines } from './proof.ts';
import { repeatsReport } from './repeats.ts';
import { rolloutReport } from './rollout.ts';
import { withAllFields } from '../../saved/before.ts';
import { surenessOf } from '../sureness.ts';
import { scenarioReport } from './scenario-table.ts';
import { sequenceLines } from './sequence.ts';
import { areServices, servicesReport } from './services.ts';
import { paragraph } from '../text.ts';
import { timelineLines } from './timeline.ts';
import { jobLines, unloadedOf } from './unloaded.ts';
import { verdictLine } from './verdict-line.ts';

/** The report for a terminal. */
export function tableReporter({ result }: Saved, look: Look): string {
  return renderReport(result, look);
}

/**
 * The report for people: the whole story of one run, what those of a budget come to, or a table of several; then what is worse
 * than it was, and how to read on. Pure.
 */
export function renderReport(saved: Result, look: Look): string {
  const result = withAllFields(saved);
  const head = baselineHeadLines(result, look).map((text) => `${text}\n\n`);
  const ends = [baselineLines(result, look), moreLines(result)].filter(({ length }) => length > 0);
  return [...head, bodyOf(result, look), ...ends.map((lines) => `\n${lines.join('\n')}\n`)].join('');
}

function bodyOf(result: Result, look: Look): string {
  const [run] = result.runs;
  if (result.repeats) return repeatsReport(result, look, (one) => runReport(one, look));
  if (result.budget) return budgetReport(result, result.budget, look);
  const [rollout] = result.rollouts ?? [];
  const isOne = result.runs.length + (result.rollouts?.length ?? 0) === 1;
  if (rollout && isOne) return rolloutReport(rollout, look);
  if (run && isOne) return runReport(run, look);
  return areServices(result)
    ? servicesReport(result, look, (one) => runReport(one, look))
    : scenarioReport(result, look);
}

function sureLines(run: RunRecord, look: Look): readonly string[] {
  return [heading(look, 'How sure'), paragraph(surenessOf(run).join(' '), look.width, '  ')];
}

/** What a tired engineer needs first stands first: verdict, cause and remedy, then the figures behind them. */
function runReport(run: RunRecord, look: Look): string {
  const sections = [
    [verdictLine(run, look), ...expectation(run, look)],
    ...findingLines(run, look).map((finding) => [finding]),
    proofLines(run, look),
    unloadedOf(run) ? jobLines(run, look) : [lostTable(run, look)],
    sequenceLines(run, look),
    timelineLines(run, look),
    logMatchLines(run, look),
    besideLines(run, look),
    endingLines(run, look),
    processLines(run, look),
    kernelLines(run, look),
    sureLines(run, look),
    measuredLines(run, look),
    signalOutputLines(run, look),
    lastOutputLines(run, look),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function expectation({ scenario, asExpected, unexpected }: RunRecord, look: Look): readonly string[] {
  if (scenario === null || asExpected === null) return [];
  if (asExpected) return [`Scenario ${scenario}: as expected.`];
  const title = paint(look, ['bold', 'red'], `Scenario ${scenario}: NOT as expected.`);
  return [title, ...unexpected.map((sentence) => paragraph(sentence, look.width, '  - '))];
}
