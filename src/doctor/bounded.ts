import { setTimeout as delay } from 'node:timers/promises';

import { CannotRunError, messageOf } from '../errors.ts';
import type { Refusal, Unanswered } from './machine.ts';

/** So long may one thing take to be found out. They are looked for side by side. */
export const LIMIT_MS = 5_000;

/** What a probe finds; or, where it takes too long, that. */
export async function bounded<Found>(probe: Promise<Found>, limitMs = LIMIT_MS): Promise<Found | Unanswered> {
  const over = new AbortController();
  const timeUp = delay(limitMs, { kind: 'unanswered', afterMs: limitMs } as const, { signal: over.signal });
  timeUp.catch(() => {});
  return await Promise.race([probe, timeUp]).finally(() => over.abort());
}

/** What was refused, in the words of the error. */
export function refusalOf(error: unknown): Refusal {
  const { message, detail, nextStep } =
    error instanceof CannotRunError ? error : new CannotRunError(messageOf(error), { cause: error });
  return { message, detail, nextStep };
}
