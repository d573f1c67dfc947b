import { drawUp } from './budget/draw-up.ts';
import { measure } from './budget/measurement.ts';
import { planBudget } from './budget/plan.ts';
import { type BudgetHooks, runSeries } from './budget/series.ts';
import { connectDocker } from './engines/docker/connect.ts';
import type { BudgetOptions } from './plan/options.ts';
import { beginNow, summarize } from './record.ts';
import type { Checked } from './run.ts';

/**
 * Stops the same image again and again, under several loads and with all the time that it may need, and says what that took,
 * and what to set. Never prints and never exits.
 *
 * An abort ends it once the run that is under way has cleaned up: the result is of the runs that were done by then.
 *
 * @throws CannotRunError when it could not do its part: options, engine, build, a container that never gets ready.
 */
export async function budget(options: BudgetOptions, hooks: BudgetHooks = {}): Promise<Checked> {
  const began = beginNow();
  const asked = await planBudget(options);
  await using engine = await connectDocker(hooks.signal);
  const { runs, ended } = await runSeries(engine, asked, hooks);
  const records = runs.map(({ record }) => record);
  const drawnUp = drawUp(records.map(measure), { ...asked, ended });
  return {
    result: { ...summarize(engine.info, began, records), budget: drawnUp },
    ledgers: runs.map(({ ledger }) => ledger),
    notChecked: [],
  };
}
