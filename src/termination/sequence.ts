import type { SeenPreStop } from './pre-stop.ts';

/** What a stop did to the target. Microseconds of the run's clock. */
export interface Performed {
  /** null where there was no hook. */
  readonly preStop: SeenPreStop | null;
  /** What the engine said where it could not stop it; null where it could. */
  readonly error: unknown;
}

/**
 * Called right before the stop signal is sent, with the time that is left until SIGKILL. Not called where the target ended
 * before.
 */
export type OnSignal = (graceLeftMs: number) => void;
