import type { EngineInfo } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { savedPlan } from '../plan/saved-plan.ts';
import { type Group, groupsOf } from '../repeat/groups.ts';
import { cut } from '../report/text.ts';
import type { Result } from '../result.ts';
import { compare } from './compare.ts';
import type { BaselineRecord } from './record.ts';
import { type PlanDifference, planDifferences } from './same-plan.ts';

/** What a check is held against. */
export interface Baseline extends Pick<BaselineRecord, 'file' | 'failOn' | 'isUpdate'> {
  readonly result: Result;
}

/** Columns of a value in an error. */
const SHOWN = 60;
const ANEW = 'write it anew from this check: --update-baseline';

/**
 * Makes sure, before anything is run, that each plan can be held against the baseline. One that is to be written anew need not
 * have been of the same.
 *
 * @throws CannotRunError that names what differs, with both values.
 */
export function assertComparable(baseline: Baseline | undefined, engine: EngineInfo, plans: readonly Plan[]): void {
  if (baseline === undefined || baseline.isUpdate) return;
  assertOfRuns(baseline);
  assertSameEngine(baseline, engine);
  for (const plan of plans) {
    const saved = savedPlan(plan, process.cwd());
    const group = groupOf(baseline, nameOfPlan(saved), saved);
    if (group === null) throw noSuchTarget(baseline, nameOfPlan(saved));
    const differences = differencesFrom(group, saved);
    if (differences.length > 0) throw otherPlan(baseline, group.record.name, differences);
    if (group.record.verdict === 'inconclusive') throw inconclusive(baseline, group);
  }
}

/** The result, held against a baseline; as it was without one. Targets that it cannot be held against are left out. */
export function heldAgainst(result: Result, baseline: Baseline | undefined): Result {
  if (baseline === undefined) return result;
  const { file, failOn, isUpdate } = baseline;
  const { startedAt } = baseline.result;
  const comparisons = groupsOf(result).flatMap(({ record: is, runs }) => {
    const plan = runs[0]?.plan.resolved;
    const group = plan === undefined ? null : groupOf(baseline, is.name, plan);
    if (plan === undefined || group === null || !isComparable(baseline, group, plan, result.engine)) return [];
    const { record: was } = group;
    return [{ name: is.name, was, is, regressions: compare(was, is) }];
  });
  return { ...result, baseline: { file, startedAt, failOn, isUpdate, comparisons } };
}

function isComparable({ result }: Baseline, group: Group, plan: Plan, engine: EngineInfo): boolean {
  const isSame = result.engine.kind === engine.kind && differencesFrom(group, plan).length === 0;
  return isSame && group.record.verdict !== 'inconclusive';
}

/** That of the same name, and where several have it, the one that has the same plan. */
function groupOf({ result }: Baseline, name: string, plan: Plan): Group | null {
  const named = groupsOf(result).filter(({ record }) => record.name === name);
  return named.find((group) => differencesFrom(group, plan).length === 0) ?? named[0] ?? null;
}

function differencesFrom({ runs: [run] }: Group, plan: Plan): readonly PlanDifference[] {
  return run === undefined ? [] : planDifferences(run.plan.resolved, plan);
}

/** What a run of this plan is called: see `nameOf`. */
function nameOfPlan({ name, service, image }: Plan): string {
  return name ?? service ?? image.reference;
}

function assertOfRuns({ file, result }: Baseline): void {
  if (result.budget === undefined && result.runs.length > 0) return;
  throw new CannotRunError(
    `The baseline ${file} is of ${result.budget ? 'a budget' : 'a roll-out'}, and not of a check.`,
    {
      nextStep: `Name the result of a run or an exec, or ${ANEW}`,
    },
  );
}

function assertSameEngine({ file, result }: Baseline, { kind }: EngineInfo): void {
  if (result.engine.kind === kind) return;
  throw new CannotRunError(
    `The baseline ${file} was measured on ${result.engine.kind}, and this check runs on ${kind}: their times do not compare.`,
    { nextStep: `Check it on ${result.engine.kind}, or ${ANEW}` },
  );
}

function noSuchTarget({ file, result }: Baseline, name: string): CannotRunError {
  const names = [...new Set(groupsOf(result).map(({ record }) => record.name))];
  return new CannotRunError(`The baseline ${file} has no target "${name}". It has: ${names.join(', ')}.`, {
    nextStep: `Call it as it was called then with --name, or ${ANEW}`,
  });
}

function otherPlan({ file }: Baseline, name: string, differences: readonly PlanDifference[]): CannotRunError {
  return new CannotRunError(`The baseline ${file} has "${name}" with another plan, so their figures do not compare:`, {
    detail: differences.map(({ what, was, is }) => `${what}: was ${cut(was, SHOWN)}, is ${cut(is, SHOWN)}`),
    nextStep: `Check it as it was checked then, or ${ANEW}`,
  });
}

function inconclusive({ file }: Baseline, { record }: Group): CannotRunError {
  return new CannotRunError(`The baseline ${file} could not tell of "${record.name}": it is inconclusive.`, {
    nextStep: `Nothing can be held against it: ${ANEW}`,
  });
}
