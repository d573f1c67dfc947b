import type { Clock } from '../clock.ts';
import type { Engine, PreparedImage, Target, TargetAddress } from '../engines/engine.ts';
import type { Companions } from '../companions/start.ts';
import { hasHealthcheck } from '../plan/health.ts';
import type { Plan } from '../plan/plan.ts';
import { addressOfHook, addressOfReadiness, addressToAsk } from '../port.ts';
import { becomeReady, exitedFirst } from '../ready.ts';
import { startWatch, type Watch } from '../witness/watch.ts';

/** A container of the app that is ready. It is removed on disposal. */
export interface Replica extends AsyncDisposable {
  readonly target: Target;
  readonly watch: Watch;
  readonly address: TargetAddress;
  /** Where a preStop hook that is a GET goes; null where there is none. */
  readonly hookAddress: TargetAddress | null;
  /** It is to end from now on: that it does is no surprise any more. */
  willStop(): void;
}

/** Starts replicas, and takes away on its disposal all that it has started. */
export interface Replicas extends AsyncDisposable {
  /**
   * Starts one and waits until it is ready.
   * @throws CannotRunError where it never gets ready.
   */
  start(abort: AbortSignal): Promise<Replica>;
  /** Aborted when a replica ends that nobody stops; the reason is a CannotRunError. */
  readonly broken: AbortSignal;
}

/** What each is started on: a container of the plan, on the network of what it depends on. */
type Beside = Pick<Companions, 'container' | 'ports' | 'blame'>;

export function openReplicas(engine: Engine, image: PreparedImage, plan: Plan, beside: Beside, clock: Clock): Replicas {
  const starting = new Set<Promise<Started>>();
  const broken = new AbortController();
  return {
    broken: broken.signal,
    async start(abort) {
      const start = startWatched(engine, image, plan, beside, clock);
      starting.add(start);
      const { target, watch } = await start;
      const address = await addressToAsk(plan, image, target, watch, abort);
      if (address === null) throw new Error('a roll-out without requests');
      const readyAddress = await addressOfReadiness(plan, address, target);
      const isChecked = hasHealthcheck(plan.container, image);
      await becomeReady(target, readyAddress, plan, isChecked, watch, abort).catch(beside.blame);
      const hookAddress = await addressOfHook(plan, image, target, address);
      const { promise: stopping, resolve: willStop } = Promise.withResolvers<void>();
      void endsUnasked(plan, target, watch, stopping).then(
        (reason) => reason && broken.abort(reason),
        (error: unknown) => broken.abort(error),
      );
      return { target, watch, address, hookAddress, willStop, [Symbol.asyncDispose]: () => remove({ target, watch }) };
    },
    async [Symbol.asyncDispose]() {
      const started = await Promise.allSettled(starting);
      await Promise.all(started.map(async (one) => one.status === 'fulfilled' && (await remove(one.value))));
    },
  };
}

interface Started {
  readonly target: Target;
  readonly watch: Watch;
}

async function startWatched(
  engine: Engine,
  image: PreparedImage,
  plan: Plan,
  { container, ports }: Beside,
  clock: Clock,
): Promise<Started> {
  const target = await engine.start(image, container, ports);
  try {
    return { target, watch: await startWatch(target, clock, plan) };
  } catch (error) {
    await target[Symbol.asyncDispose]();
    throw error;
  }
}

async function remove({ target, watch }: Started): Promise<void> {
  watch[Symbol.dispose]();
  await target[Symbol.asyncDispose]();
}

/** Resolves with the error when it ends before it is stopped, with null when it is stopped. */
async function endsUnasked(plan: Plan, target: Target, watch: Watch, stopping: Promise<void>): Promise<Error | null> {
  const died = await Promise.race([watch.died.then(() => true), stopping.then(() => false)]);
  return died ? await exitedFirst(plan, await target.state(), watch) : null;
}
