import type { Engine } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { labelled } from '../progress.ts';
import { builtImage } from '../proof/prove.ts';
import { type Run, type RunHooks, runOn } from '../run.ts';
import { loadsFrom } from './loads.ts';
import { withRandomMoment } from './moment.ts';
import type { BudgetPlan } from './plan.ts';
import type { BudgetEnd } from './record.ts';
import { labelOf, tellRun } from './tell.ts';

export interface BudgetHooks extends RunHooks {
  /** Called as each run ends, with a line that says how: `run 3 of 10 at 25 requests/s: drain 420 ms`. */
  readonly onRun?: (run: Run, text: string) => void;
}

/** Runs of a budget, and why there are no more of them. */
export interface Series {
  readonly runs: readonly Run[];
  readonly ended: BudgetEnd;
}

/**
 * Stops the same image again and again, one run after the other: side by side they would measure each other. The loads take
 * turns, so that whatever changes meanwhile changes all of them. SIGKILL ends it: there is no bound, and to see that again
 * would take as long again.
 *
 * @throws whatever keeps the first run from taking place. What keeps a later one ends the series.
 */
export async function runSeries(engine: Engine, budget: BudgetPlan, hooks: BudgetHooks): Promise<Series> {
  const done: Run[] = [];
  while (done.length < budget.runs) {
    const next = await nextRun(engine, budget, done, hooks).catch((error: unknown) => endOf(error, done, hooks.signal));
    if ('kind' in next) return { runs: done, ended: next };
    done.push(next);
    hooks.onRun?.(next, tellRun(next.record, done.length, budget.runs));
    if (next.record.termination.sigkillFired === true) break;
  }
  return { runs: done, ended: { kind: done.length < budget.runs ? 'killed' : 'complete' } };
}

async function nextRun(engine: Engine, budget: BudgetPlan, done: readonly Run[], hooks: BudgetHooks): Promise<Run> {
  const plan = planFor(budget, done);
  const label = labelOf(done.length + 1, budget.runs, plan.load);
  const onProgress = labelled(label, done.length === 0, hooks.onProgress);
  const { record, ledger } = await runOn(engine, plan, { ...hooks, onProgress });
  // What is run again is the image of the first, by its id; people know it by the name that they gave.
  const reference = done[0]?.record.target.reference ?? record.target.reference;
  return { record: { ...record, target: { ...record.target, reference } }, ledger };
}

/** What the next run does: the same image as the first, under the load whose turn it is, for about as long. */
function planFor({ plan, rates }: BudgetPlan, done: readonly Run[]): Plan {
  const [first] = done;
  if (first === undefined) return { ...plan, load: withRandomMoment(plan.load, Math.random()) };
  const loads = plan.load.kind === 'none' ? [] : (rates ?? loadsFrom(first.record));
  const rate = loads[done.length % Math.max(1, loads.length)] ?? plan.load.rate;
  const load = withRandomMoment({ ...plan.load, rate }, Math.random());
  return { ...plan, image: builtImage(first.record, plan), load };
}

/** @throws the error, where nothing is done yet, or where it is a bug. */
function endOf(error: unknown, done: readonly Run[], signal: AbortSignal | undefined): BudgetEnd {
  if (done.length === 0) throw error;
  if (signal?.aborted) return { kind: 'interrupted' };
  if (!(error instanceof CannotRunError)) throw error;
  return { kind: 'broken', because: `run ${done.length + 1} could not be run: ${error.message}` };
}
