import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../../clock.ts';
import type { Target } from '../../engines/engine.ts';
import { CannotRunError, messageOf } from '../../errors.ts';
import type { KernelEvent, KernelTrace } from '../../observation.ts';
import type { Plan } from '../../plan/plan.ts';
import { targetNoun } from '../../plan/terms.ts';
import type { OnProgress } from '../../progress.ts';
import { signalNumber } from '../../signals.ts';
import { Following } from './follow.ts';
import { openInstance, type TraceInstance } from './instance.ts';
import { livingWith, nameOf } from './living.ts';
import { isName, lostIn, parseLine } from './parse.ts';
import { removeOrphanedInstances } from './sweep.ts';
import { CannotTrace, findTracefs } from './tracefs.ts';

/** The kernel's record of a target, as it grows. Its disposal takes everything away again and never throws. */
export interface KernelWitness extends AsyncDisposable {
  /** All that was recorded so far, with times from T0, microseconds of the run's clock. */
  tell(t0Us: number): KernelTrace;
}

/** Signals that ask something of a server, or end it. A target may name another as its stop signal. */
const SIGNALS = ['HUP', 'INT', 'QUIT', 'ABRT', 'KILL', 'USR1', 'USR2', 'TERM', 'WINCH'].map((name) => `SIG${name}`);
/** Sent to ourselves to learn whether the trace means us by our number: by default nothing happens. */
const HARMLESS = 'SIGURG';
/** The kernel calls this program `node` or the like, as it may call the target. Of a command the signals come from us. */
const OUR_NAME = 'shutdown-check';
const READ_EVERY_MS = 100;
/** Of what was before the stop, so much is told. */
const TOLD_BEFORE_MS = 1000;
const TRY_TIMES = 5;
const TRY_EVERY_MS = 10;

/**
 * Has the kernel record the target's signals and processes from now on.
 *
 * @throws CannotRunError where it was asked for with `on` and cannot be; with `auto` the trace then says why not.
 */
export async function watchKernel(
  target: Target,
  plan: Pick<Plan, 'kernelTrace' | 'image'>,
  clock: Clock,
  onProgress: OnProgress,
): Promise<KernelWitness> {
  if (plan.kernelTrace === 'off') return untraced('it is off');
  try {
    return await startTrace(target, plan, clock);
  } catch (error) {
    if (plan.kernelTrace === 'on') throw cannotRun(error);
    onProgress({ kind: 'detail', text: `The kernel was not asked: ${messageOf(error)}.` });
    return untraced(messageOf(error));
  }
}

/**
 * Finds out before anything else is done whether what was asked for can be.
 *
 * @throws CannotRunError where it was asked for with `on` and this machine does not allow it.
 */
export async function assertTraceable(asked: Plan['kernelTrace']): Promise<void> {
  if (asked !== 'on') return;
  await findTracefs().catch((error: unknown) => {
    throw cannotRun(error);
  });
}

function cannotRun(error: unknown): CannotRunError {
  const nextStep = error instanceof CannotTrace ? error.nextStep : 'Without `--kernel-trace on` the run goes without.';
  return new CannotRunError(`--kernel-trace on: the kernel cannot be asked: ${messageOf(error)}.`, {
    nextStep,
    cause: error,
  });
}

function untraced(because: string): KernelWitness {
  return { tell: () => ({ kind: 'untraced', because }), [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Why the trace cannot be followed where the target's processes bear other numbers than the kernel's, and what to do. */
const UNNUMBERED = {
  container: {
    because: "the container's processes have no numbers of their own on this machine",
    nextStep: 'Run it on the machine of the engine, without `--pid host`.',
  },
  command: {
    because: 'this program runs in a PID namespace itself, and numbers processes otherwise',
    nextStep: 'Run it outside of a container.',
  },
} as const;

async function startTrace(target: Target, plan: Pick<Plan, 'image'>, clock: Clock): Promise<KernelWitness> {
  const pid1 = target.kernelPid1;
  if (pid1 === null) {
    const { because, nextStep } = UNNUMBERED[targetNoun(plan)];
    throw new CannotTrace(because, nextStep);
  }
  const tracefs = await findTracefs();
  await removeOrphanedInstances();
  const numbers = [...new Set([...SIGNALS, target.stopSignal])].map(numberOf);
  const instance = await openInstance(tracefs, numbers, numberOf(HARMLESS));
  try {
    await assertNumbersAgree(instance);
    return witness(instance, pid1, clock);
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    throw error;
  }
}

function numberOf(signal: string): number {
  const number = signalNumber(signal);
  if (number === null) throw new CannotTrace(`the kernel knows no ${signal}`, 'Name another stop signal.');
  return number;
}

/** Whether a signal from this process to itself comes with its own number. */
async function assertNumbersAgree(instance: TraceInstance): Promise<void> {
  process.kill(process.pid, HARMLESS);
  for (let tries = 0; tries < TRY_TIMES; tries++) {
    const isSeen = instance
      .read()
      .map(parseLine)
      .some(
        (record) =>
          record?.kind === 'generate' &&
          record.signal === HARMLESS &&
          record.to.tid === process.pid &&
          existsSync(`/proc/self/task/${record.by.tid}`),
      );
    if (isSeen) return;
    await delay(TRY_EVERY_MS);
  }
  throw new CannotTrace(
    'its trace does not show a signal that this program sent to itself',
    'Leave `--kernel-trace` out.',
  );
}

/** The kernel's clock and ours have one base and differ by a constant, which no pause within the look can spoil. */
function monoAtZeroUs(clock: Clock): number {
  const looks = Array.from({ length: 5 }, () => {
    const before = process.hrtime.bigint();
    const nowUs = clock.nowUs();
    const after = process.hrtime.bigint();
    return { tookNs: after - before, zeroUs: Number((before + after) / 2n) / 1000 - nowUs };
  });
  return looks.reduce((best, look) => (look.tookNs < best.tookNs ? look : best)).zeroUs;
}

function witness(instance: TraceInstance, pid1: number, clock: Clock): KernelWitness {
  const zeroUs = monoAtZeroUs(clock);
  // Listed while the kernel records already: whoever comes or goes meanwhile is in the one or in the other.
  const following = new Following(livingWith(pid1));
  let lost = 0;
  let isThere = true;
  const read = (): void => {
    try {
      for (const line of isThere ? instance.read() : []) {
        lost += lostIn(line);
        takeLine(following, line);
      }
    } catch {
      // Whoever took the instance from under us has taken what came next as well. That must not end the run.
      isThere = false;
      lost++;
    }
  };
  const timer = setInterval(read, READ_EVERY_MS);
  timer.unref();
  return {
    tell(t0Us) {
      read();
      const atMs = (monoUs: number): number => Math.round(monoUs - zeroUs - t0Us) / 1000;
      const events = following.events().map(({ monoUs, ...what }): KernelEvent => ({ ...what, atMs: atMs(monoUs) }));
      const told = events.filter((event) => event.atMs >= -TOLD_BEFORE_MS);
      return { kind: 'traced', pid1, events: told, lost: lost + following.dropped };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await instance[Symbol.asyncDispose]();
    },
  };
}

function takeLine(following: Following, line: string): void {
  const record = parseLine(line);
  if (record === null) return;
  const { by } = record;
  const name = by.tid === process.pid ? OUR_NAME : isName(by.name) ? by.name : nameOf(by.tid) || 'unknown';
  following.take({ ...record, by: { ...by, name } });
}
