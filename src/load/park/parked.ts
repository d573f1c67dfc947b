import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Clock } from '../../clock.ts';
import type { TargetAddress } from '../../engines/engine.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import { tlsOptions } from '../tls.ts';
import { within } from '../within.ts';
import type { ParkedFacts } from './ending.ts';
import type { ParkMode } from './half-sent.ts';
import { ParkedRequest } from './parked-request.ts';

/** Slow, and yet faster than what servers take for a dead client. */
const TRICKLE_EVERY_MS = 500;

/** Requests that are held half-sent until they are finished together. */
export class Parked {
  readonly #requests: readonly ParkedRequest[];
  readonly #trickle: NodeJS.Timeout;

  constructor(requests: readonly ParkedRequest[]) {
    this.#requests = requests;
    this.#trickle = setInterval(() => {
      for (const request of requests) request.trickle();
    }, TRICKLE_EVERY_MS);
  }

  /** How many are connected, half-sent and not ended. */
  get open(): number {
    return this.#requests.filter(({ isHalfSent }) => isHalfSent).length;
  }

  /** Resolves when the first half of each is written, or it has ended. */
  async begun(): Promise<void> {
    await Promise.all(this.#requests.map(({ begun }) => begun));
  }

  /** Sends the rest of each, so that the app has the whole of it. */
  async finishAll(): Promise<void> {
    clearInterval(this.#trickle);
    // Ends that have arrived are read first: what the app ended before is then not taken for one that it had whole.
    await nextTurn();
    for (const request of this.#requests) request.finish();
  }

  /** Resolves when all have ended, or after `waitMs`. */
  async settled(waitMs: number): Promise<void> {
    await within(waitMs, Promise.all(this.#requests.map(({ ended }) => ended)));
  }

  facts(): readonly ParkedFacts[] {
    return this.#requests.map(({ facts }) => facts);
  }

  /** Ends those that are open, and sends nothing more. */
  close(): void {
    clearInterval(this.#trickle);
    for (const request of this.#requests) request.close();
  }
}

/**
 * Parks `count` of the plan's first request, each on a connection of its own.
 * @throws CannotRunError where the plan's CA file cannot be read.
 */
export function park(address: TargetAddress, plan: LoadPlan, mode: ParkMode, count: number, clock: Clock): Parked {
  const [request] = plan.requests;
  if (!request) throw new RangeError('a plan without requests');
  const context = { address, tls: tlsOptions(plan), request, mode, clock };
  return new Parked(Array.from({ length: count }, () => new ParkedRequest(context)));
}
