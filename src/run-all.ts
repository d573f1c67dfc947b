import { assertComparable } from './baseline/baseline.ts';
import { connectDocker } from './engines/docker/connect.ts';
import type { Engine } from './engines/engine.ts';
import { CannotRunError } from './errors.ts';
import { type EachService, planEachService } from './plan/compose/each-service.ts';
import type { RunOptions } from './plan/options.ts';
import type { Plan } from './plan/plan.ts';
import { resolvePlan } from './plan/resolve.ts';
import { beginNow } from './record.ts';
import { summarizeAll } from './repeat/gather.ts';
import type { Repeated } from './repeat/repeat.ts';
import type { Checked, NotChecked, RunHooks } from './run.ts';

/**
 * Checks several targets one after the other: those that are named, and of a compose file of which all are meant every
 * service that takes requests, each with what it depends on.
 *
 * @param checkOne checks one plan, as often as it says, with its proofs
 * @throws CannotRunError where none of them could be checked, with the first one's reason.
 */
export async function runAll(
  targets: readonly RunOptions[],
  hooks: RunHooks,
  checkOne: (engine: Engine, plan: Plan, hooks: RunHooks) => Promise<Repeated>,
): Promise<Checked> {
  const began = beginNow();
  const services = (await Promise.all(targets.map((one) => planEach(one, targets.length)))).flat();
  await using engine = await connectDocker(hooks.signal);
  assertComparable(hooks.baseline, engine.info, planned(services));
  const runs: Repeated[] = [];
  const notChecked: NotChecked[] = [];
  for (const service of services) {
    const { name } = service;
    if (service.kind === 'leftOut') notChecked.push({ service: name, because: service.because, error: null });
    else if (runs.length > 0 && hooks.signal?.aborted)
      notChecked.push({ service: name, because: 'was not reached before the interruption', error: null });
    else if (service.kind === 'unable') notChecked.push(unable(name, service.error));
    else {
      const run = await orUnable(name, () => checkOne(engine, service.plan, naming(name, hooks)), hooks);
      if ('runs' in run) runs.push(run);
      else notChecked.push(run);
    }
  }
  if (runs.length === 0) throw nothingChecked(notChecked);
  return summarizeAll(engine.info, began, runs, notChecked, hooks.baseline);
}

/** Of several targets one that cannot be planned does not keep the others. */
async function planEach(options: RunOptions, of: number): Promise<readonly EachService[]> {
  const name = options.name ?? options.target ?? '';
  try {
    if (options.all === true) return await planEachService(options);
    return [{ kind: 'planned', name, plan: await resolvePlan(options) }];
  } catch (error) {
    if (of === 1 || !(error instanceof CannotRunError)) throw error;
    return [{ kind: 'unable', name, error }];
  }
}

function planned(services: readonly EachService[]): readonly Plan[] {
  return services.flatMap((service) => (service.kind === 'planned' ? service.plan : []));
}

/** What keeps one service from being checked does not keep the others; an interruption ends all. */
async function orUnable(
  name: string,
  check: () => Promise<Repeated>,
  { signal }: RunHooks,
): Promise<Repeated | NotChecked> {
  try {
    return await check();
  } catch (error) {
    if (signal?.aborted || !(error instanceof CannotRunError)) throw error;
    return unable(name, error);
  }
}

function unable(service: string, error: CannotRunError): NotChecked {
  return { service, because: error.message, error };
}

/** Whose progress it is stands before it. */
function naming(service: string, { onProgress, ...hooks }: RunHooks): RunHooks {
  if (onProgress === undefined) return hooks;
  return {
    ...hooks,
    onProgress: (progress) =>
      onProgress(progress.kind === 'load' ? progress : { ...progress, text: `${service}: ${progress.text}` }),
  };
}

function nothingChecked(notChecked: readonly NotChecked[]): CannotRunError {
  const broken = notChecked.find(({ error }) => error !== null)?.error;
  if (broken) return broken;
  return new CannotRunError('None of the services of this file takes requests.', {
    detail: notChecked.map(({ service, because }) => `${service} ${because}.`),
    nextStep: 'Name one with --service; a worker is checked with --load none.',
  });
}
