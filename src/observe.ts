import { setTimeout as delay } from 'node:timers/promises';

import type { Companion } from './companions/start.ts';
import type { EngineInfo, PreparedImage, Target, TargetAddress, TargetState } from './engines/engine.ts';
import { CannotRunError, messageOf } from './errors.ts';
import type { Ledger } from './load/ledger.ts';
import { within } from './load/within.ts';
import type { Observation } from './observation.ts';
import { withoutValues } from './plan/filled-in.ts';
import type { Plan } from './plan/plan.ts';
import { savedPath, savedPlan } from './plan/saved-plan.ts';
import { targetNoun } from './plan/terms.ts';
import { addressOfHook } from './port.ts';
import type { OnProgress } from './progress.ts';
import { exitedFirst } from './ready.ts';
import { type Stop, stopMidFlight } from './termination/stop.ts';
import type { KernelWitness } from './witness/kernel/watch-kernel.ts';
import type { Seen, Watch } from './witness/watch.ts';
import { letWork } from './at-work/jobs.ts';
import { keepRequests } from './at-work/requests.ts';
import { watchStartUp } from './at-work/start-up.ts';
import type { Work, WorkFacts } from './at-work/work.ts';

/** What is needed to observe a run: a target that runs, and those who watch it. */
export interface ReadyTarget {
  readonly engine: EngineInfo;
  readonly image: PreparedImage;
  readonly target: Target;
  /** null where nothing is sent to it. */
  readonly address: TargetAddress | null;
  /** The same for the ready path. */
  readonly readyAddress: TargetAddress | null;
  readonly plan: Plan;
  readonly watch: Watch;
  readonly kernel: KernelWitness;
  /** In the order in which they were started. */
  readonly sidecars: readonly Companion[];
}

export interface Observed {
  readonly observation: Observation;
  readonly ledger: Ledger;
}

/** After the target is gone, connections get so long to tell how they ended. */
const LAST_ENDINGS_MS = 1000;
/** The last lines of a worker's log, which tell of its last jobs, come a little after its end. */
const LAST_LINES_MS = 3000;
/** The engine's inspection and its `die` event may come so much later than the stop returns. */
const EXIT_WAIT_MS = 5000;
const EXIT_POLL_MS = 20;
/** The engine's word of the end may reach a starved program so late. */
const CLOCK_TOLERANCE_MS = 10_000;

/** Puts the target to work, stops it in the midst, and writes down everything that was seen. Has no opinion. */
export async function observe(ready: ReadyTarget, onProgress: OnProgress, abort: AbortSignal): Promise<Observed> {
  const { target, plan, image, watch, address } = ready;
  const hookAddress = await addressOfHook(plan, image, target, address);
  const exited = new AbortController();
  void watch.died.then(() => exited.abort(new Error('the target exited')));
  const ended = AbortSignal.any([abort, exited.signal]);
  await using work = await untilExit(exited.signal, ready, () => begin(ready, onProgress, ended));
  void watch.died.then(() => work.cease());
  const stop = await stopMidFlight({ ...ready, work, hookAddress }, onProgress, abort);
  const exit = await exitOf(target, watch);
  if (watch.events.some(({ action, atUs }) => action === 'die' && atUs < stop.t0Us))
    throw await exitedFirst(plan, exit, watch);
  assertStopped(plan, exit, stop.error);
  work.cease();
  const facts = await work.facts(LAST_ENDINGS_MS);
  if (plan.jobs !== null) await within(LAST_LINES_MS, watch.logsEnded);
  return { observation: writeDown(ready, facts, stop, exit), ledger: facts.ledger };
}

/** What it is at when it is stopped. */
async function begin(
  { address, readyAddress, plan, watch }: ReadyTarget,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Work> {
  if (plan.when !== 'ready') return await watchStartUp(readyAddress, plan, plan.when, watch, onProgress, abort);
  if (address === null) return await letWork(plan, watch, onProgress, abort);
  return await keepRequests(address, plan, watch, onProgress, abort);
}

/** Runs a stage in which the target must not end by itself. */
async function untilExit<T>(
  exited: AbortSignal,
  { plan, target, watch }: ReadyTarget,
  stage: () => Promise<T>,
): Promise<T> {
  try {
    return await stage();
  } catch (error) {
    if (exited.aborted) throw await exitedFirst(plan, await exitOf(target, watch), watch);
    throw error;
  }
}

/** How the target ended. The engine may need a moment to know. */
export async function exitOf(target: Target, watch: Watch): Promise<TargetState> {
  await within(EXIT_WAIT_MS, watch.died);
  for (let waitedMs = 0; ; waitedMs += EXIT_POLL_MS) {
    const state = await target.state();
    if (!state.running || waitedMs >= EXIT_WAIT_MS) return state;
    await delay(EXIT_POLL_MS);
  }
}

const UNSTOPPED = {
  container: {
    message: 'The engine could not stop the container',
    silently: 'it says that it did, and it still runs',
    nextStep: 'Try `docker stop` on a container of this image; the log of the engine says more.',
  },
  command: {
    message: 'The command could not be ended',
    silently: 'it got SIGKILL, and it still runs',
    nextStep: 'See with `ps` what state it is in: one that waits for a device (`D`) ends only when that answers.',
  },
} as const;

/**
 * A target that cannot be ended has not been stopped at all, whatever became of its requests.
 *
 * @throws CannotRunError with the engine's own word for it.
 */
export function assertStopped(
  plan: Pick<Plan, 'image'>,
  { running }: Pick<TargetState, 'running'>,
  stopError: unknown,
): void {
  if (!running) return;
  const { message, silently, nextStep } = UNSTOPPED[targetNoun(plan)];
  const why = stopError === null ? silently : messageOf(stopError);
  throw new CannotRunError(`${message}: ${why}`, { nextStep, ...(stopError === null ? {} : { cause: stopError }) });
}

function writeDown(
  ready: ReadyTarget,
  { rampEndUs, harness, holds, parking, becameReadyAtUs }: WorkFacts,
  stop: Stop,
  exit: TargetState,
): Observation {
  const { engine, image, target, address, plan, watch, kernel } = ready;
  const { entrypoint, command, stopSignal, id, attached } = target;
  const atMs = (us: number): number => (us - stop.t0Us) / 1000;
  const timed = <T extends object>({ atUs, ...rest }: Seen<T>): Omit<T, 'atUs'> & { atMs: number } => ({
    ...rest,
    atMs: atMs(atUs),
  });
  const shown = (text: string): string => withoutValues(text, plan.container.filledIn);
  const words = (argv: readonly string[]): readonly string[] => argv.map(shown);
  const atOrNull = (us: number | null): number | null => (us === null ? null : atMs(us));
  const died = watch.events.find(({ action }) => action === 'die');
  const exitAtMs = died ? atMs(died.atUs) : exit.running ? null : atMs(stop.returnedUs);
  return {
    engine,
    image,
    plan: savedPlan(plan, process.cwd()),
    target: {
      id,
      attached,
      stopSignal,
      entrypoint: entrypoint && words(entrypoint),
      command: command && words(command),
      address,
    },
    harness,
    holds: holds.map(({ openedAtUs, endedAtUs, lastMessageAtUs, path, ...hold }) => ({
      ...hold,
      path: savedPath(path),
      openedAtMs: atMs(openedAtUs),
      endedAtMs: atOrNull(endedAtUs),
      lastMessageAtMs: atOrNull(lastMessageAtUs),
    })),
    parking: {
      ...parking,
      requests: parking.requests.map(({ openedAtUs, wholeAtUs, endedAtUs, ...request }) => ({
        ...request,
        openedAtMs: atMs(openedAtUs),
        wholeAtMs: atOrNull(wholeAtUs),
        endedAtMs: atOrNull(endedAtUs),
      })),
    },
    events: watch.events.filter(({ atUs }) => atUs >= stop.t0Us).map(timed),
    stopReturnedAtMs: atMs(stop.returnedUs),
    stopError: stop.error === null ? null : messageOf(stop.error),
    preStop: stop.preStop && {
      end: stop.preStop.end,
      because: stop.preStop.because,
      endedAtMs: atMs(stop.preStop.endedAtUs),
    },
    readiness: stop.readiness?.map(timed) ?? null,
    sidecars: stop.sidecars.map(({ signalledAtUs, endedAtUs, ...sidecar }) => ({
      ...sidecar,
      signalledAtMs: atOrNull(signalledAtUs),
      endedAtMs: atOrNull(endedAtUs),
    })),
    signalFromMs: atMs(stop.signalFromUs),
    signalByMs: atMs(stop.signalByUs),
    snapshots: stop.snapshots.map(timed).map((snapshot) => ({
      ...snapshot,
      processes: snapshot.processes.map((one) => ({ ...one, command: shown(one.command) })),
    })),
    sockets: stop.sockets.map(({ untilUs, ...seen }) => ({ ...timed(seen), untilMs: atMs(untilUs) })),
    kernel: kernel.tell(stop.t0Us),
    jobs: watch.jobs.lines.map(timed),
    jobsForgotten: watch.jobs.forgotten,
    becameReadyAtMs: atOrNull(becameReadyAtUs),
    logs: watch.logs.map(timed),
    logLinesDropped: watch.logLinesDropped,
    exit: { ...exit, atMs: exitAtMs, processEndedAtMs: processEndedAtMs(exit, stop, address, exitAtMs) },
    t0Us: stop.t0Us,
    rampEndUs,
  };
}

/** Times by the calendar are in whole milliseconds. */
const CALENDAR_STEP_MS = 1;

/**
 * When the target's process ended, where its engine runs on this machine and so by the same clock. What the engine says
 * comes at most some tens of milliseconds before its event; anything else is a clock that was set meanwhile, and not used.
 */
function processEndedAtMs(
  { endedEpochMs }: TargetState,
  { t0EpochMs }: Stop,
  address: TargetAddress | null,
  exitAtMs: number | null,
): number | null {
  const isSameClock = address?.via === 'container' || address?.via === 'local';
  if (!isSameClock || endedEpochMs === null || exitAtMs === null) return null;
  const endedAtMs = endedEpochMs - t0EpochMs;
  const isLikely = endedAtMs <= exitAtMs + CALENDAR_STEP_MS && endedAtMs >= exitAtMs - CLOCK_TOLERANCE_MS;
  return isLikely ? Math.min(endedAtMs, exitAtMs) : null;
}
