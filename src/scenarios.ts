import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import pLimit from 'p-limit';

import { connectDocker } from './engines/docker/connect.ts';
import type { Engine } from './engines/engine.ts';
import { connectNamespace } from './engines/namespace/connect.ts';
import type { RunOptions } from './plan/options.ts';
import type { Plan } from './plan/plan.ts';
import type { Progress } from './progress.ts';
import { beginNow, summarize } from './record.ts';
import type { Result, RunRecord, ScenarioExpectation } from './result.ts';
import { type Run, runOn } from './run.ts';
import { ROOT } from './samples.ts';
import { planOnImages, planWithoutEngine } from './scenario-plans.ts';

/** An app, how it is run, and what it is expected to do. */
export interface Scenario {
  readonly name: string;
  /** What it shows, a sentence. */
  readonly title: string;
  /** A scenario shows what happens; what would mend it is for `run` to prove. */
  readonly options: Omit<RunOptions, 'attach' | 'prove' | 'maxGraceMs'>;
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
  readonly onScenario?: (run: Run, result: Result) => Promise<void> | void;
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
  const longestFirst = planned.toSorted((a, b) => longestMs(b.plan) - longestMs(a.plan));
  const limit = pLimit(planned.some(({ plan }) => sharesPorts(plan)) ? 1 : hooks.parallel);
  const records = new Map<string, RunRecord>();
  const runs = longestFirst.map(({ scenario, plan }) =>
    limit(async () => {
      const began = beginNow();
      const record = await runOne(scenario, plan, engine, hooks, signal);
      records.set(scenario.name, record.record);
      await hooks.onScenario?.(record, summarize(engine.info, began, [record.record]));
    }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const settled = await Promise.allSettled(runs);
  const broken = settled.find((one) => one.status === 'rejected');
  if (broken) throw failed.signal.reason;
  const inOrder = scenarios.map(({ name }) => records.get(name)).filter((record) => record !== undefined);
  return summarize(engine.info, startedAll, inOrder);
}

async function runOne(
  scenario: Scenario,
  plan: Plan,
  engine: Engine,
  hooks: ScenarioHooks,
  signal: AbortSignal,
): Promise<Run> {
  signal.throwIfAborted();
  const { record, ledger } = await runOn(engine, plan, {
    signal,
    onProgress: (progress) => hooks.onProgress?.(scenario.name, progress),
  });
  const unexpected = differences(record, scenario.expected);
  return {
    record: {
      ...record,
      scenario: scenario.name,
      expected: scenario.expected,
      asExpected: unexpected.length === 0,
      unexpected,
    },
    ledger,
  };
}

/** A worker has none that another's could be. */
function sharesPorts({ image, container, load }: Plan): boolean {
  return image.kind === 'command' && container.network === 'host' && load.kind === 'requests';
}

/** The longest that a run can take once it is ready, for the order. */
function longestMs({ load, graceMs }: Plan): number {
  return load.warmupMs + graceMs;
}

/** How a run differs from what its scenario expects, a sentence each. */
export function differences(record: RunRecord, expected: ScenarioExpectation): readonly string[] {
  const codes = record.findings.map(({ code }) => code);
  const isTraced = record.observation.kernel.kind === 'traced';
  const wanted = (isTraced ? null : expected.findingsUntraced) ?? expected.findings ?? [];
  const missing = wanted.filter((code) => !codes.some((found) => found === code));
  const wrong = (expected.notFindings ?? []).filter((code) => codes.some((found) => found === code));
  const { sigkillFired, exitCode } = record.termination;
  return [
    expected.verdict === record.verdict ? null : `verdict ${record.verdict}, expected ${expected.verdict}`,
    missing.length === 0 ? null : `no ${missing.join(', ')}; found ${codes.join(', ') || 'nothing'}`,
    wrong.length === 0 ? null : `found ${wrong.join(', ')}, which it is not`,
    expected.sigkill === undefined || expected.sigkill === sigkillFired
      ? null
      : `SIGKILL ${sigkillFired === true ? 'fired' : 'did not fire'}, expected the opposite`,
    expected.exitCode === undefined || expected.exitCode === exitCode
      ? null
      : `exit code ${exitCode}, expected ${expected.exitCode}`,
  ].filter((difference) => difference !== null);
}
