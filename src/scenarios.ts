import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import pLimit from 'p-limit';

import { connectDocker } from './engines/docker/connect.ts';
import type { Engine } from './engines/engine.ts';
import { connectNamespace } from './engines/namespace/connect.ts';
import type { RolloutOptions, RunOptions } from './plan/options.ts';
import type { Plan } from './plan/plan.ts';
import type { Progress } from './progress.ts';
import { beginNow, summarize } from './record.ts';
import type { Result, RunRecord, ScenarioExpectation } from './result.ts';
import { type Rollout, rolloutOn } from './rollout.ts';
import type { RolloutRecord } from './rollout/record.ts';
import { type Run, runOn } from './run.ts';
import { ROOT } from './samples.ts';
import { differences, rolloutDifferences } from './scenario-differences.ts';
import { type PlannedScenario, planOnImages, planWithoutEngine } from './scenario-plans.ts';

/** An app, how it is run, and what it is expected to do. */
export interface Scenario {
  readonly name: string;
  /** What it shows, a sentence. */
  readonly title: string;
  /** A scenario shows what happens; what would mend it is for `run` to prove. */
  readonly options: Omit<RunOptions, 'attach' | 'prove' | 'maxGraceMs' | 'repeat'>;
  /** It is rolled out, through a load balancer that is set so; left out where it is one run. */
  readonly rollout?: Pick<RolloutOptions, 'replicas' | 'balancerRetries'>;
  readonly expected: ScenarioExpectation;
}

/** A scenario of the package's own, whose app has a Dockerfile. */
export type BuiltInScenario = Scenario & { readonly options: { readonly target: string } };

/** What scenarios run on: Docker, or without it, as commands of this machine, each PID 1 of a namespace of its own. */
export type ScenarioEngine = 'docker' | 'namespace';

export interface ScenarioHooks {
  /** Default `docker`. */
  readonly engine?: ScenarioEngine;
  /** How many run side by side; one where they would have to share this machine's ports. */
  readonly parallel: number;
  readonly onProgress?: (scenario: string, progress: Progress) => void;
  /** Called as each ends, with a result of its own, so that a crash later loses nothing. */
  readonly onScenario?: (run: Run | Rollout, result: Result) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

/** Types a scenario of one's own. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

/** The built-in scenarios, by name. Their apps are found wherever the package is installed. */
export async function loadScenarios(): Promise<readonly BuiltInScenario[]> {
  const folder = path.join(ROOT, 'scenarios');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return await Promise.all(
    files.map(async (file) => {
      const scenario = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as BuiltInScenario;
      return { ...scenario, options: { ...scenario.options, target: path.join(ROOT, scenario.options.target) } };
    }),
  );
}

/**
 * Runs scenarios side by side, the longest first, and says of each whether it behaved as expected. Never prints.
 *
 * @throws CannotRunError when one of them could not be run, as one that is about an image without an engine; the others
 *   are stopped then.
 */
export async function runScenarios(scenarios: readonly Scenario[], hooks: ScenarioHooks): Promise<Result> {
  const startedAll = beginNow();
  const failed = new AbortController();
  const signal = hooks.signal ? AbortSignal.any([hooks.signal, failed.signal]) : failed.signal;
  const isDocker = (hooks.engine ?? 'docker') === 'docker';
  const commands = isDocker ? null : await planWithoutEngine(scenarios);
  await using engine = await (isDocker ? connectDocker(signal) : connectNamespace(signal));
  const planned = commands ?? (await planOnImages(scenarios, engine));
  const longestFirst = planned.toSorted((a, b) => longestMs(b) - longestMs(a));
  const limit = pLimit(planned.some(({ plan }) => sharesPorts(plan)) ? 1 : hooks.parallel);
  const records = new Map<string, RunRecord | RolloutRecord>();
  const runs = longestFirst.map((one) =>
    limit(async () => {
      const began = beginNow();
      const done = await runOne(one, engine, hooks, signal);
      records.set(one.scenario.name, done.record);
      await hooks.onScenario?.(done, summarize(engine.info, began, ...apart([done.record])));
    }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const settled = await Promise.allSettled(runs);
  const broken = settled.find((one) => one.status === 'rejected');
  if (broken) throw failed.signal.reason;
  const inOrder = scenarios.map(({ name }) => records.get(name)).filter((record) => record !== undefined);
  return summarize(engine.info, startedAll, ...apart(inOrder));
}

/** Runs and roll-outs, each in their order. */
function apart(records: readonly (RunRecord | RolloutRecord)[]): [runs: RunRecord[], rollouts: RolloutRecord[]] {
  const isRollout = (record: RunRecord | RolloutRecord): record is RolloutRecord => 'replacements' in record;
  return [records.flatMap((record) => (isRollout(record) ? [] : [record])), records.filter(isRollout)];
}

async function runOne(
  { scenario, plan, rollout }: PlannedScenario,
  engine: Engine,
  hooks: ScenarioHooks,
  signal: AbortSignal,
): Promise<Run | Rollout> {
  signal.throwIfAborted();
  const hooksOfOne = { signal, onProgress: (progress: Progress) => hooks.onProgress?.(scenario.name, progress) };
  if (rollout !== null) {
    const { record, ledger } = await rolloutOn(engine, rollout, hooksOfOne);
    return { record: { ...record, ...asSaid(scenario, rolloutDifferences(record, scenario.expected)) }, ledger };
  }
  const { record, ledger } = await runOn(engine, plan, hooksOfOne);
  return { record: { ...record, ...asSaid(scenario, differences(record, scenario.expected)) }, ledger };
}

/** What a record has to say where it is a scenario's. */
function asSaid(
  { name, expected }: Scenario,
  unexpected: readonly string[],
): Pick<RunRecord, 'scenario' | 'expected' | 'asExpected' | 'unexpected'> {
  return { scenario: name, expected, asExpected: unexpected.length === 0, unexpected };
}

/** A worker has none that another's could be. */
function sharesPorts({ image, container, load }: Plan): boolean {
  return image.kind === 'command' && container.network === 'host' && load.kind === 'requests';
}

/** The longest that it can take once it is ready, for the order. */
function longestMs({ plan: { load, graceMs, routingLagMs }, rollout }: PlannedScenario): number {
  if (rollout === null) return load.warmupMs + graceMs;
  return load.warmupMs + rollout.replicas * Math.max(graceMs, routingLagMs) + load.requestTimeoutMs;
}
