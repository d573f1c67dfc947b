import { runApart, wantsOwnNetwork } from './apart/run-apart.ts';
import { assess } from './assess.ts';
import { assertComparable, type Baseline } from './baseline/baseline.ts';
import { startClock } from './clock.ts';
import { type Companions, startCompanions } from './companions/start.ts';
import { connectDocker } from './engines/docker/connect.ts';
import type { Engine, PreparedImage, Target, TargetAddress } from './engines/engine.ts';
import { connectNamespace } from './engines/namespace/connect.ts';
import { CannotRunError } from './errors.ts';
import type { Ledger } from './load/ledger.ts';
import { hostPort } from './load/transport.ts';
import { observe } from './observe.ts';
import type { ExecOptions, RunOptions } from './plan/options.ts';
import { execInstead } from './image/exec-instead.ts';
import { formatDuration } from './plan/durations.ts';
import { hasHealthcheck } from './plan/health.ts';
import type { Plan } from './plan/plan.ts';
import { resolveExecPlan, resolvePlan } from './plan/resolve.ts';
import { targetNoun } from './plan/terms.ts';
import { addressOfReadiness, addressToAsk, portsToReach } from './port.ts';
import type { OnProgress } from './progress.ts';
import { prove } from './proof/prove.ts';
import { becomeReady } from './ready.ts';
import { summarizeAll } from './repeat/gather.ts';
import { type Repeated, repeatRuns } from './repeat/repeat.ts';
import { worstOf } from './repeat/series.ts';
import { notHere } from './report/not-here.ts';
import { type Began, beginNow, recordRun } from './record.ts';
import type { Result, RunRecord } from './result.ts';
import { runAll } from './run-all.ts';
import { assertTraceable, watchKernel } from './witness/kernel/watch-kernel.ts';
import { startWatch } from './witness/watch.ts';

/** What a run may be given besides its options. */
export interface RunHooks {
  readonly onProgress?: OnProgress;
  /**
   * Aborts the run; everything it made is removed before the promise rejects with the signal's reason. During the proofs
   * it ends only those: the result of the run itself is there, and is given with the proofs that were done.
   */
  readonly signal?: AbortSignal;
  /** An earlier result that this one is held against: see `readBaseline`. */
  readonly baseline?: Baseline | undefined;
}

/** A run's record and its ledger, one row a request. */
export interface Run {
  readonly record: RunRecord;
  readonly ledger: Ledger;
}

/** A result, and a ledger for each of its runs. */
export interface Checked {
  readonly result: Result;
  readonly ledgers: readonly Ledger[];
  /** Services of the same file that there is no run of; empty where all were not asked for. */
  readonly notChecked: readonly NotChecked[];
}

/** A service that was not checked. */
export interface NotChecked {
  readonly service: string;
  /** Continues "NAME …" where it was left out; a sentence where it could not be checked. */
  readonly because: string;
  /** What kept it from being checked; null where it was left out for what it is. */
  readonly error: CannotRunError | null;
}

/**
 * Builds or takes an image, keeps a load on its container, stops it mid-flight, judges what happened and, where asked to,
 * proves what mends it. Of several targets each in its turn. Never prints and never exits.
 *
 * @throws CannotRunError when it could not do its part: options, engine, build, a container that never gets ready.
 */
export async function run(given: RunOptions | readonly RunOptions[], hooks: RunHooks = {}): Promise<Checked> {
  const targets = [given].flat();
  const [options] = targets;
  if (options === undefined || targets.length > 1 || options.all === true)
    return await runAll(targets, hooks, checkOne);
  const began = beginNow();
  const plan = await resolvePlan(options);
  await using engine = await connectDocker(hooks.signal, () => insteadOf(plan));
  return await check(engine, plan, began, hooks);
}

/**
 * The same for a command of this machine, without an engine: it is run as PID 1 of a PID namespace of its own.
 *
 * @throws CannotRunError when it could not do its part: options, namespaces, a command that never gets ready.
 */
export async function exec(options: ExecOptions, hooks: RunHooks = {}): Promise<Checked> {
  const began = beginNow();
  const plan = await resolveExecPlan(options);
  await using engine = await connectNamespace(hooks.signal);
  return await check(engine, plan, began, hooks);
}

async function insteadOf({ image }: Plan): Promise<string> {
  const isImage = image.kind === 'build' || image.kind === 'image';
  return isImage && process.platform === 'linux' ? await execInstead(image) : '';
}

async function check(engine: Engine, plan: Plan, began: Began, hooks: RunHooks): Promise<Checked> {
  assertComparable(hooks.baseline, engine.info, [plan]);
  return summarizeAll(engine.info, began, [await checkOne(engine, plan, hooks)], [], hooks.baseline);
}

/** The runs of a plan, and where one fails and this was asked for, what mends the worst of them. */
async function checkOne(engine: Engine, plan: Plan, hooks: RunHooks): Promise<Repeated> {
  const repeated = await repeatRuns(engine, plan, hooks, runOn);
  const worst = worstOf(repeated.runs.map(({ record }) => record));
  const proofs = await prove(worst, plan, hooks, async (changed, more) => (await runOn(engine, changed, more)).record);
  const proven = { ...worst, proofs };
  const runs = repeated.runs.map((run) => (run.record === worst ? { ...run, record: proven } : run));
  return { ...repeated, runs };
}

/** One run on an engine that answers. Whatever an abort interrupts, the promise rejects with the abort's own reason. */
export async function runOn(engine: Engine, plan: Plan, hooks: RunHooks = {}): Promise<Run> {
  return wantsOwnNetwork(plan) ? await runApart(plan, hooks) : await runHere(engine, plan, hooks);
}

/** The same from within this very process. */
export async function runHere(engine: Engine, plan: Plan, hooks: RunHooks = {}): Promise<Run> {
  const abort = bounded(plan.timeoutMs, hooks.signal);
  return await stages(engine, plan, hooks.onProgress ?? (() => {}), abort).catch((error: unknown) => {
    throw abort.aborted ? abort.reason : error;
  });
}

/** The story of one run. */
async function stages(engine: Engine, plan: Plan, onProgress: OnProgress, abort: AbortSignal): Promise<Run> {
  const began = startClock();
  await assertTraceable(plan.kernelTrace);
  const lacking = notHere(plan);
  if (lacking !== null) onProgress({ kind: 'note', text: lacking });
  if (plan.image.kind === 'build' || plan.image.kind === 'image')
    onProgress({ kind: 'stage', stage: 'image', text: `preparing ${plan.image.reference}` });
  const image = await engine.prepareImage(plan.image, (text) => onProgress({ kind: 'detail', text }), abort);
  await using beside = await startCompanions(engine, plan, portsToReach(plan, image), onProgress, abort);
  await using target = await startOrAttach(engine, plan, image, beside, onProgress);
  using watch = await startWatch(target, startClock(), plan);
  await using kernel = await watchKernel(target, plan, watch.clock, onProgress);
  const address = await addressToAsk(plan, image, target, watch, abort);
  const readyAddress = await addressOfReadiness(plan, address, target);
  if (plan.when === 'ready') {
    onProgress({ kind: 'stage', stage: 'ready', text: waitingFor(plan, readyAddress) });
    const isChecked = hasHealthcheck(plan.container, image);
    await becomeReady(target, readyAddress, plan, isChecked, watch, abort).catch(beside.blame);
  }
  const { observation, ledger } = await observe(
    { engine: engine.info, image, target, address, readyAddress, plan, watch, kernel, sidecars: beside.sidecars },
    onProgress,
    abort,
  );
  onProgress({ kind: 'stage', stage: 'done', text: 'stopped' });
  return { record: recordRun(observation, assess(observation, ledger), Math.round(began.nowUs() / 1000)), ledger };
}

async function startOrAttach(
  engine: Engine,
  plan: Plan,
  image: PreparedImage,
  beside: Companions,
  onProgress: OnProgress,
): Promise<Target> {
  const isThere = plan.image.kind === 'container';
  const text = isThere ? `attaching to ${plan.image.reference}` : `starting the ${targetNoun(plan)}`;
  onProgress({ kind: 'stage', stage: 'start', text });
  if (isThere) return await engine.attach(plan.image, plan);
  return await engine.start(image, beside.container, beside.ports);
}

function waitingFor({ readyPath }: Plan, address: TargetAddress | null): string {
  return address === null ? 'waiting until it works' : `waiting for ${readyPath} on ${hostPort(address)}`;
}

/** The user's abort, or the end of the run's own time. */
export function bounded(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const timer = new AbortController();
  setTimeout(() => {
    timer.abort(
      new CannotRunError(`The run took longer than ${formatDuration(timeoutMs)}.`, {
        nextStep: 'Give it longer with `--timeout`, or see with `--verbose` what takes so long.',
      }),
    );
  }, timeoutMs).unref();
  return signal ? AbortSignal.any([signal, timer.signal]) : timer.signal;
}
