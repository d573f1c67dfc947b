import type { Outcome } from '../../../load/outcomes.ts';

/** How a request is drawn by its outcome: a shape and a colour of its own, so that neither is needed to tell it. */
interface Appearance {
  readonly label: string;
  /** One of Plot's. */
  readonly symbol: string;
  readonly color: string;
}

export const APPEARANCE: Readonly<Record<Outcome, Appearance>> = {
  completed: { label: 'completed', symbol: 'circle', color: 'var(--completed)' },
  rejected: { label: 'rejected (503, 429)', symbol: 'square2', color: 'var(--rejected)' },
  badStatus: { label: 'unexpected status', symbol: 'diamond2', color: 'var(--bad-status)' },
  lost: { label: 'lost, no answer began', symbol: 'times', color: 'var(--lost)' },
  truncated: { label: 'truncated answer', symbol: 'plus', color: 'var(--truncated)' },
  refused: { label: 'refused connection', symbol: 'triangle2', color: 'var(--refused)' },
  timedOut: { label: 'timed out', symbol: 'star', color: 'var(--timed-out)' },
  ambiguous: { label: 'ambiguous', symbol: 'wye', color: 'var(--ambiguous)' },
};

/** `250 ms`, `1.5 s`. */
export function timeText(ms: number): string {
  return Math.abs(ms) < 1000 ? `${Math.round(ms * 10) / 10} ms` : `${Math.round(ms / 10) / 100} s`;
}
