import { percentile } from '../load/percentile.ts';
import type { Took } from './measurement.ts';

/** Where there are fewer, their slowest tenth is a single one, which the longest tells already. */
export const ENOUGH_FOR_P90 = 20;

/** What some stops took. Milliseconds, exact, by the nearest rank; null where the one of that rank was cut. */
export interface Distribution {
  /** How many were measured, those that were cut included; with none all else is null. */
  readonly measured: number;
  /** Those that SIGKILL cut: they took longer than the rest, nobody knows how much. */
  readonly cut: number;
  readonly minMs: number | null;
  readonly medianMs: number | null;
  /** null also where there are too few for it to mean anything: fewer than 20. */
  readonly p90Ms: number | null;
  readonly maxMs: number | null;
}

/** How times are distributed. Nothing is assumed of them but their order. */
export function distributionOf(times: readonly Took[]): Distribution {
  const measured = times.filter((took) => took !== null).map((took) => (took === 'cut' ? Infinity : took));
  const at = (share: number): number | null => {
    const ms = measured.length === 0 ? Infinity : percentile(measured, share);
    return ms === Infinity ? null : ms;
  };
  return {
    measured: measured.length,
    cut: measured.filter((ms) => ms === Infinity).length,
    minMs: at(0),
    medianMs: at(0.5),
    p90Ms: measured.length < ENOUGH_FOR_P90 ? null : at(0.9),
    maxMs: at(1),
  };
}
