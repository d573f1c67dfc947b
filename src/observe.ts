import { setTimeout as delay } from 'node:timers/promises';

import type { EngineInfo, PreparedImage, Target, TargetAddress, TargetState } from './engines/engine.ts';
import { messageOf } from './errors.ts';
import type { HoldFacts } from './load/hold/held.ts';
import { openHolds } from './load/hold/hold.ts';
import { isServed } from './load/is-served.ts';
import type { Ledger } from './load/ledger.ts';
import { type ParkingFacts, prepareParking } from './load/park/parking.ts';
import { type SteadyLoad, warmUp } from './load/warm-up.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan/plan.ts';
import { savedPath, savedPlan } from './plan/saved-plan.ts';
import type { OnProgress } from './progress.ts';
import { exitedFirst } from './ready.ts';
import { type Stop, stopMidFlight } from './termination/stop.ts';
import type { KernelWitness } from './witness/kernel/watch-kernel.ts';
import type { Seen, Watch } from './witness/watch.ts';

/** What is needed to observe a run: a target that is ready, and those who watch it. */
export interface ReadyTarget {
  readonly engine: EngineInfo;
  readonly image: PreparedImage;
  readonly target: Target;
  readonly address: TargetAddress;
  readonly plan: Plan;
  readonly watch: Watch;
  readonly kernel: KernelWitness;
}

/** What went on beside the steady load. */
interface BesideTheLoad {
  readonly holds: readonly HoldFacts[];
  readonly parking: ParkingFacts;
}

export interface Observed {
  readonly observation: Observation;
  readonly ledger: Ledger;
}

/** After the target is gone, connections get so long to tell how they ended. */
const LAST_ENDINGS_MS = 1000;
/** The engine's inspection and its `die` event may come so much later than the stop returns. */
const EXIT_WAIT_MS = 5000;
const EXIT_POLL_MS = 20;
/** The engine's word of the end may reach a starved program so late. */
const CLOCK_TOLERANCE_MS = 10_000;

/** Puts the load on the target, stops it mid-flight, and writes down everything that was seen. Has no opinion. */
export async function observe(ready: ReadyTarget, onProgress: OnProgress, abort: AbortSignal): Promise<Observed> {
  const { target, address, plan, watch } = ready;
  const exited = new AbortController();
  void watch.died.then(() => exited.abort(new Error('the target exited')));
  const ended = AbortSignal.any([abort, exited.signal]);
  const whileUp = <T>(stage: () => Promise<T>): Promise<T> => untilExit(exited.signal, target, watch, stage);
  await using holds = await whileUp(() => openHolds(address, plan.load, watch.clock, ended));
  const steady = await whileUp(() => warmUp(address, plan, watch, onProgress, ended));
  using parking = prepareParking(address, plan.load, steady.parkTrial, watch.clock, () => isServed(steady.load));
  try {
    void watch.died.then(() => steady.load.stop());
    const stop = await stopMidFlight(target, plan, steady, parking, watch, onProgress, abort);
    const exit = await exitOf(target, watch);
    if (watch.events.some(({ action, atUs }) => action === 'die' && atUs < stop.t0Us))
      throw await exitedFirst(exit, watch);
    steady.load.stop();
    await Promise.all([
      steady.load.finish(LAST_ENDINGS_MS),
      ...[parking, holds].map((one) => one.settled(LAST_ENDINGS_MS)),
    ]);
    const beside = { holds: holds.facts(), parking: parking.facts() };
    return { observation: writeDown(ready, steady, beside, stop, exit), ledger: steady.load.ledger };
  } finally {
    steady.load.stop();
    await steady.load.finish(0);
  }
}

/** Runs a stage in which the target must not end by itself. */
async function untilExit<T>(exited: AbortSignal, target: Target, watch: Watch, stage: () => Promise<T>): Promise<T> {
  try {
    return await stage();
  } catch (error) {
    if (exited.aborted) throw await exitedFirst(await exitOf(target, watch), watch);
    throw error;
  }
}

/** How the target ended. The engine may need a moment to know. */
async function exitOf(target: Target, watch: Watch): Promise<TargetState> {
  await Promise.race([watch.died, delay(EXIT_WAIT_MS)]);
  for (let waitedMs = 0; ; waitedMs += EXIT_POLL_MS) {
    const state = await target.state();
    if (!state.running || waitedMs >= EXIT_WAIT_MS) return state;
    await delay(EXIT_POLL_MS);
  }
}

function writeDown(
  ready: ReadyTarget,
  { load, calibration, rampEndUs }: SteadyLoad,
  { holds, parking }: BesideTheLoad,
  stop: Stop,
  exit: TargetState,
): Observation {
  const { engine, image, target, address, plan, watch, kernel } = ready;
  const { entrypoint, command, stopSignal, id } = target;
  const atMs = (us: number): number => (us - stop.t0Us) / 1000;
  const timed = <T extends object>({ atUs, ...rest }: Seen<T>): Omit<T, 'atUs'> & { atMs: number } => ({
    ...rest,
    atMs: atMs(atUs),
  });
  const atOrNull = (us: number | null): number | null => (us === null ? null : atMs(us));
  const died = watch.events.find(({ action }) => action === 'die');
  const exitAtMs = died ? atMs(died.atUs) : exit.running ? null : atMs(stop.returnedUs);
  return {
    engine,
    image,
    plan: savedPlan(plan, process.cwd()),
    target: { id, stopSignal, entrypoint, command, address },
    harness: {
      ratePerSecond: stop.ratePerSecond,
      unloadedMedianMs: calibration?.unloadedMedianMs ?? null,
      latenessMs: load.latenessMs,
      cpuCores: load.cpuCores,
      faults: load.faults,
      firstFault: load.firstFault,
    },
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
    signalFromMs: 0,
    signalByMs: atMs(stop.signalByUs),
    snapshots: stop.snapshots.map(timed),
    sockets: stop.sockets.map(({ untilUs, ...seen }) => ({ ...timed(seen), untilMs: atMs(untilUs) })),
    kernel: kernel.tell(stop.t0Us),
    jobs: [],
    becameReadyAtMs: null,
    logs: watch.logs.map(timed),
    logLinesDropped: watch.logLinesDropped,
    exit: { ...exit, atMs: exitAtMs, processEndedAtMs: processEndedAtMs(exit, stop, address, exitAtMs) },
    t0Us: stop.t0Us,
    rampEndUs,
  };
}

/**
 * When the target's process ended, where its engine runs on this machine and so by the same clock. What the engine says
 * comes some tens of milliseconds before its event; anything else is a clock that was set meanwhile, and not used.
 */
function processEndedAtMs(
  { endedEpochMs }: TargetState,
  { t0EpochMs }: Stop,
  { via }: TargetAddress,
  exitAtMs: number | null,
): number | null {
  if (via !== 'container' || endedEpochMs === null || exitAtMs === null) return null;
  const endedAtMs = endedEpochMs - t0EpochMs;
  return endedAtMs <= exitAtMs && endedAtMs >= exitAtMs - CLOCK_TOLERANCE_MS ? endedAtMs : null;
}
