import { isKnownFailure } from '../baseline/record.ts';
import type { BudgetEnd, BudgetRecord } from '../budget/record.ts';
import { type Finding, causeOf } from '../diagnosis/finding.ts';
import type { RepeatEnd, RepeatRecord } from '../repeat/record.ts';
import { worstOf } from '../repeat/series.ts';
import type { Result, RunRecord } from '../result.ts';
import type { RolloutRecord } from '../rollout/record.ts';
import { endText } from './ended.ts';
import { PLAIN_LOOK } from './reporter.ts';
import { type Row, rolloutRowOf, rowOf } from './rows.ts';
import { surenessOf } from './sureness.ts';
import { budgetSentence } from './table/budget.ts';
import { provenRemedy } from './table/proof.ts';
import { repeatSentence } from './table/repeat-words.ts';
import { rolloutSentence } from './table/rollout-verdict.ts';
import { renderReport } from './table/table.ts';
import { verdictSentence } from './table/verdict-line.ts';

/** Something that has an outcome of its own in formats that list such: a run, all runs of one plan, a budget, a roll-out. */
export interface Case extends Row {
  readonly kind: 'run' | 'scenario' | 'repeat' | 'budget' | 'rollout';
  /** What there is to say of it in one breath. */
  readonly sentence: string;
  /** What differs from a scenario's expectation, a sentence each. */
  readonly unexpected: readonly string[];
  readonly findings: readonly Finding[];
  readonly cause: Finding | null;
  /** What to do, proven before advised; null where there is nothing. */
  readonly remedy: string | null;
  readonly durationMs: number;
  /** It fails as the baseline did, and that was said to be accepted. */
  readonly isKnown: boolean;
  /** Why a run of several could not take place, a sentence; null where all did. */
  readonly brokenBecause: string | null;
  /** When which signal came and how it ended, and how sure all of it is, a line each; empty where it is no single stop. */
  readonly ending: readonly string[];
  /** The record that it is told from: of several runs the worst. */
  readonly record: RunRecord | RolloutRecord;
  /** The whole of it as a terminal of 80 columns has it. */
  text(): string;
}

/** Everything in a result that has an outcome of its own. */
export function casesOf(result: Result): readonly Case[] {
  const isKnown = result.baseline !== undefined && isKnownFailure(result.baseline);
  return toldCases(result).map((one) => ({ ...one, isKnown: isKnown && one.verdict === 'fail' }));
}

type Told = Omit<Case, 'isKnown'>;

function toldCases(result: Result): readonly Told[] {
  const { runs, budget, repeats = [], rollouts = [] } = result;
  if (budget !== undefined) return runs.length === 0 ? [] : [budgetCase(result, budget, budgetSentence(budget, runs))];
  const lone = runs.flatMap((run, at) => (repeats.some((record) => record.at.includes(at)) ? [] : [{ run, at }]));
  const repeated = repeats.flatMap((record) => repeatCase(result, record) ?? []);
  return [
    ...[...lone.map(({ run, at }) => ({ at, one: runCase(result, run) })), ...repeated]
      .toSorted((a, b) => a.at - b.at)
      .map(({ one }) => one),
    ...rollouts.map((rollout) => rolloutCase(result, rollout)),
  ];
}

/** Whether it is to be held against whoever asked: of a scenario that it is not as expected, of others that it fails. */
export function isFailure({ asExpected, verdict, isKnown }: Pick<Case, 'asExpected' | 'verdict' | 'isKnown'>): boolean {
  return asExpected === null ? verdict === 'fail' && !isKnown : !asExpected;
}

/** Whether it could not tell, where that is not what was expected. */
export function isUnclear({ asExpected, verdict }: Pick<Case, 'asExpected' | 'verdict'>): boolean {
  return asExpected === null && verdict === 'inconclusive';
}

function runCase(result: Result, run: RunRecord): Told {
  const kind = run.scenario === null ? 'run' : 'scenario';
  return {
    ...toldOfRun(run),
    kind,
    sentence: verdictSentence(run),
    text: () => textOf({ ...alone(result), runs: [run] }),
  };
}

function toldOfRun(run: RunRecord): Omit<Told, 'kind' | 'sentence' | 'text'> {
  return {
    ...rowOf(run),
    unexpected: run.unexpected,
    findings: run.findings,
    cause: causeOf(run),
    remedy: provenRemedy(run) ?? causeOf(run)?.advice ?? firstAdvice(run.findings),
    ending: endingOf(run),
    durationMs: run.durationMs,
    brokenBecause: null,
    record: run,
  };
}

function repeatCase(result: Result, record: RepeatRecord): { readonly at: number; readonly one: Told } | null {
  const runs = record.at.flatMap((at) => result.runs[at] ?? []);
  const [at] = record.at;
  if (at === undefined || runs.length === 0) return null;
  const repeats = [{ ...record, at: runs.map((_, nth) => nth) }];
  const one: Told = {
    ...toldOfRun(worstOf(runs)),
    ending: endingOf(worstOf(runs)).map((line) => `Of the worst run: ${line}`),
    kind: 'repeat',
    sentence: repeatSentence(record, runs),
    brokenBecause: brokenBecause(record.ended, runs),
    durationMs: total(runs),
    text: () => textOf({ ...alone(result), runs, repeats }),
  };
  return { at, one };
}

function budgetCase(result: Result, { ended }: BudgetRecord, sentence: string): Told {
  return {
    ...toldOfRun(worstOf(result.runs)),
    kind: 'budget',
    ending: [],
    verdict: result.verdict,
    sentence,
    brokenBecause: brokenBecause(ended, result.runs),
    durationMs: total(result.runs),
    text: () => textOf(result),
  };
}

function brokenBecause(ended: RepeatEnd | BudgetEnd, runs: readonly RunRecord[]): string | null {
  return ended.kind === 'broken' ? `Run ${runs.length + 1} could not be run: ${ended.because}` : null;
}

function rolloutCase(result: Result, rollout: RolloutRecord): Told {
  return {
    ...rolloutRowOf(rollout),
    kind: rollout.scenario === null ? 'rollout' : 'scenario',
    sentence: rolloutSentence(rollout),
    unexpected: rollout.unexpected,
    findings: rollout.findings,
    cause: null,
    remedy: firstAdvice(rollout.findings),
    ending: [],
    durationMs: rollout.durationMs,
    brokenBecause: null,
    record: rollout,
    text: () => textOf({ ...alone(result), runs: [], rollouts: [rollout] }),
  };
}

function endingOf(run: RunRecord): readonly string[] {
  return [`${endText(run)}.`, surenessOf(run).join(' ')];
}

function firstAdvice(findings: readonly Finding[]): string | null {
  return findings.find(({ severity, advice }) => severity === 'error' && advice !== null)?.advice ?? null;
}

function total(runs: readonly RunRecord[]): number {
  return runs.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** What every part of a result has in common with the whole. */
function alone({ repeats: _repeats, rollouts: _rollouts, baseline: _baseline, ...result }: Result): Result {
  return result;
}

function textOf(result: Result): string {
  return renderReport(result, PLAIN_LOOK);
}
