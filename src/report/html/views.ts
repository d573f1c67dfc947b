import type { RunRecord } from '../../result.ts';
import { signalsOf } from '../totals.ts';
import type { View } from './drawing.ts';
import { rounded } from './scale.ts';

export type Stretch = Pick<View, 'id' | 'label' | 'fromMs' | 'untilMs'>;

/** So much of a stretch stands free on each side. */
const MARGIN = 0.02;
const LEAST_MS = 250;
const MOST_MS = 2000;

/** What one can look at: the whole run, and from near by how it began and how it ended, where that shows more. */
export function viewsOf(run: RunRecord, { fromMs, untilMs }: Pick<View, 'fromMs' | 'untilMs'>): readonly Stretch[] {
  const whole = wholeOf({ fromMs, untilMs }, 'Whole run');
  const nearMs = Math.min(MOST_MS, Math.max(LEAST_MS, 4 * (run.requests.latencyMs.before.p50 ?? 0)));
  const signalMs = signalsOf(run).find(({ signal }) => signal === run.target.stopSignal)?.atMs ?? 0;
  const endMs = run.termination.exitedAtMs ?? run.observation.stopReturnedAtMs;
  const signal = stretch('signal', 'Around the signal', signalMs - nearMs, signalMs + 2 * nearMs);
  const end = stretch('end', 'Around the end', endMs - 2 * nearMs, endMs + nearMs);
  const isSeenAlready = endMs < signal.untilMs;
  return [whole, ...[signal, ...(isSeenAlready ? [] : [end])].filter((one) => lengthOf(one) < lengthOf(whole) * 0.8)];
}

/** All of it, and a little on each side. */
export function wholeOf({ fromMs, untilMs }: Pick<View, 'fromMs' | 'untilMs'>, label: string): Stretch {
  const free = (untilMs - fromMs) * MARGIN;
  return stretch('whole', label, fromMs - free, untilMs + free);
}

function stretch(id: string, label: string, fromMs: number, untilMs: number): Stretch {
  return { id, label, fromMs: rounded(fromMs), untilMs: rounded(untilMs) };
}

function lengthOf({ fromMs, untilMs }: Stretch): number {
  return untilMs - fromMs;
}
