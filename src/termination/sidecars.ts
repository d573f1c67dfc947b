import type { Clock } from '../clock.ts';
import type { Companion } from '../companions/start.ts';
import { CannotRunError, messageOf } from '../errors.ts';
import { endsWithin } from '../load/within.ts';
import { exitCodeOf } from '../signals.ts';
import { KILL_MS, LEAST_MS } from './pod-stop.ts';

/** How a sidecar was stopped and how it ended. Microseconds of the run's clock. */
export interface SeenSidecar {
  readonly name: string;
  /** Its stop signal. */
  readonly signal: string;
  /** null where it had ended by itself before its turn. */
  readonly signalledAtUs: number | null;
  /** null where it never was seen to end. */
  readonly endedAtUs: number | null;
  readonly exitCode: number | null;
  /** Whether SIGKILL ended it, because its time was up. */
  readonly sigkillFired: boolean;
}

/** What the sidecars wait for, and until when. */
interface Turns {
  readonly clock: Clock;
  readonly t0Us: number;
  /** From T0, for the target and all of them together. */
  readonly graceMs: number;
  /** Resolves when the target has ended. */
  readonly targetEnded: Promise<unknown>;
}

/**
 * Stops sidecars as the kubelet does: the last one first, each when the target and those after it have ended, or when the
 * grace period is over. From its stop signal each has what is left of that, two seconds at the least, until SIGKILL.
 *
 * The kubelet cuts what has gone by to whole seconds before it takes it off; here the clock is exact.
 *
 * Source: kubernetes, pkg/kubelet/kuberuntime, terminationOrdering and killContainer.
 * @param sidecars in the order in which they were started
 * @throws CannotRunError that names one which the engine could not stop; the abort's reason.
 */
export async function stopSidecars(
  sidecars: readonly Companion[],
  turns: Turns,
  abort: AbortSignal,
): Promise<readonly SeenSidecar[]> {
  const stops = sidecars.map((sidecar, nth) => {
    const later = sidecars.slice(nth + 1).map(({ watch }) => watch.died);
    return stopInTurn(sidecar, Promise.all([turns.targetEnded, ...later]), turns, abort).catch((cause: unknown) => {
      abort.throwIfAborted();
      throw new CannotRunError(`The sidecar "${sidecar.plan.name}" could not be stopped: ${messageOf(cause)}`, {
        cause,
      });
    });
  });
  return await Promise.all(stops);
}

async function stopInTurn(
  { plan: { name }, target, watch }: Companion,
  turn: Promise<unknown>,
  { clock, t0Us, graceMs }: Turns,
  abort: AbortSignal,
): Promise<SeenSidecar> {
  let endedAtUs: number | null = null;
  const ended = watch.died.then(() => (endedAtUs = clock.nowUs()));
  const leftMs = (): number => graceMs - (clock.nowUs() - t0Us) / 1000;
  if (graceMs > 0) await endsWithin(turn, leftMs(), abort);
  const signalledAtUs = endedAtUs === null ? clock.nowUs() : null;
  if (signalledAtUs !== null) await target.signal(target.stopSignal);
  const isDone = await endsWithin(ended, Math.max(LEAST_MS, leftMs()), abort);
  if (!isDone) {
    await target.signal('SIGKILL');
    await endsWithin(ended, KILL_MS, abort);
  }
  const { exitCode } = await target.state();
  const sigkillFired = !isDone && exitCode === exitCodeOf('SIGKILL');
  return { name, signal: target.stopSignal, signalledAtUs, endedAtUs, exitCode, sigkillFired };
}
