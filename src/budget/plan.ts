import { CannotRunError } from '../errors.ts';
import { BUDGET_CHECKS } from '../plan/checks.ts';
import { coveringSleepMs, isRouted } from '../plan/covering-sleep.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import type { BudgetOptions, RunOptions } from '../plan/options.ts';
import type { Plan } from '../plan/plan.ts';
import { likelyProfile } from '../plan/likely-profile.ts';
import { checkOptions, resolvePlan } from '../plan/resolve.ts';

/** Everything a budget will do. */
export interface BudgetPlan {
  /** Of its first run; the others differ in the rate. */
  readonly plan: Plan;
  /** The grace period that the app is deployed with. */
  readonly graceMs: number;
  readonly runs: number;
  /** Requests a second; null: what the first run finds, and what follows from it. */
  readonly rates: readonly number[] | null;
}

/**
 * The plan of a budget. It asks what the app needs and not what it has: its runs have all the grace that is allowed, and,
 * where nobody named a preStop hook, a sleep that covers the routing lag.
 *
 * @throws CannotRunError that names the option, its flag, the bad value and the valid forms.
 */
export async function planBudget(options: BudgetOptions): Promise<BudgetPlan> {
  checkOptions(options, BUDGET_CHECKS);
  const { runs = DEFAULTS.runs, rates, ...ofRun } = options;
  checkRates(options, runs);
  const [rate] = rates ?? [];
  const asked: RunOptions = {
    ...ofRun,
    profile: await likelyProfile(options),
    ...(rate === undefined ? {} : { rate }),
  };
  const deployed = await resolvePlan(asked);
  const graceMs = options.maxGraceMs ?? Math.max(deployed.graceMs, deployed.maxGraceMs);
  const plan = await resolvePlan({ ...asked, graceMs, ...sleepOver(deployed) });
  return { plan, graceMs: deployed.graceMs, runs, rates: rates ?? null };
}

function sleepOver(plan: Plan): Pick<RunOptions, 'preStop'> {
  if (plan.preStop !== null || !isRouted(plan)) return {};
  return { preStop: { kind: 'sleep', sleepMs: coveringSleepMs(plan.routingLagMs) } };
}

function checkRates({ load, rates = [] }: BudgetOptions, runs: number): void {
  if (load === 'none' && rates.length > 0) {
    throw new CannotRunError('With --load none nothing is sent, so rates (--rates) has no place beside it.', {
      nextStep: 'Leave one of the two out.',
    });
  }
  if (rates.length <= runs) return;
  throw new CannotRunError(`${rates.length} rates (--rates) need as many runs, and there are ${runs} (--runs).`, {
    nextStep: `For example: --runs ${rates.length * 3}, so that each has three.`,
  });
}
