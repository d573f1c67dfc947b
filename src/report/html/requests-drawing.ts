import { isAnswered, OUTCOMES, type Outcome } from '../../load/outcomes.ts';
import type { LatencyDrawing, Layer, TookScale, View } from './drawing.ts';
import { rounded, scaleFor, stepOf } from './scale.ts';
import type { Request } from './seen.ts';

/** More marks than these nobody tells apart: then they are counted in cells. What failed is shown singly for longer. */
const MOST_COMPLETED = 1500;
const MOST_FAILED = 400;
/** Columns and rows of the cells. */
export const GRID = [120, 36] as const;
const LATENCY_STEPS = 40;

/**
 * One scale for the times of all requests, whatever view they are looked at in. A refusal takes no time to speak of: it
 * stands at the bottom, and stretches no scale.
 */
export function tookScale(requests: readonly Request[]): TookScale {
  const timed = requests.filter(({ outcome }) => outcome !== 'refused');
  const sorted = Float64Array.from(timed, ({ tookMs }) => tookMs).sort();
  return scaleFor(sorted[Math.floor(sorted.length * 0.01)] ?? 1, sorted.at(-1) ?? 1);
}

type Stretch = Pick<View, 'fromMs' | 'untilMs'>;

/** The requests that ended in a stretch of time, a layer for each way in which they did. */
export function layersOf(requests: readonly Request[], took: TookScale, stretch: Stretch): readonly Layer[] {
  const byOutcome = new Map<Outcome, Request[]>(OUTCOMES.map((outcome) => [outcome, []]));
  for (const request of requests) {
    if (request.endMs >= stretch.fromMs && request.endMs <= stretch.untilMs)
      byOutcome.get(request.outcome)?.push(request);
  }
  return [...byOutcome]
    .filter(([, those]) => those.length > 0)
    .map(([outcome, those]) => {
      const isFew = those.length <= (outcome === 'completed' ? MOST_COMPLETED : MOST_FAILED);
      return isFew
        ? { outcome, singles: those.flatMap(({ endMs, tookMs }) => [rounded(endMs), rounded(tookMs)]), cells: [] }
        : { outcome, singles: [], cells: cellsOf(those, took, stretch) };
    });
}

function cellsOf(requests: readonly Request[], took: TookScale, { fromMs, untilMs }: Stretch): readonly number[] {
  const [columns, steps] = GRID;
  const counts = new Uint32Array(columns * steps);
  const time: TookScale = { kind: 'linear', fromMs, untilMs };
  for (const { endMs, tookMs } of requests) {
    const cell = stepOf(time, columns, endMs) * steps + stepOf(took, steps, tookMs);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return [...counts.entries()].flatMap(([cell, count]) =>
    count === 0 ? [] : [Math.floor(cell / steps), cell % steps, count],
  );
}

/** How many were in flight, to be asked for any stretch of time: the most at a time in each of so many steps of it. */
export function inFlightOf(requests: readonly Request[]) {
  const starts = Float64Array.from(requests, ({ sentMs }) => sentMs).sort();
  const ends = Float64Array.from(requests, ({ endMs }) => endMs).sort();
  return ({ fromMs, untilMs }: Stretch, steps: number): readonly number[] => {
    let [started, ended] = [0, 0];
    const goTo = (ms: number): number => {
      let most = started - ended;
      for (;;) {
        const [start, end] = [starts[started] ?? Infinity, ends[ended] ?? Infinity];
        if (Math.min(start, end) > ms) return most;
        if (start < end) started++;
        else ended++;
        most = Math.max(most, started - ended);
      }
    };
    goTo(fromMs);
    return Array.from({ length: steps }, (_, step) => goTo(fromMs + ((step + 1) * (untilMs - fromMs)) / steps));
  };
}

/** How long answers took before the stop and from it on; null where none was answered. */
export function latencyOf(requests: readonly Request[]): LatencyDrawing | null {
  const answered = requests.filter(({ outcome }) => isAnswered(outcome));
  if (answered.length === 0) return null;
  const sorted = Float64Array.from(answered, ({ tookMs }) => tookMs).sort();
  const [least = 1, most = 1] = [sorted[0], sorted.at(-1)];
  const wide = scaleFor(least, most);
  // Straight, it need not begin at 0: what is alike is told apart.
  const free = Math.max(0.5, (most - least) * 0.1);
  const scale =
    wide.kind === 'log' ? wide : { ...wide, fromMs: rounded(Math.max(0, least - free)), untilMs: rounded(most + free) };
  const shares = (those: readonly Request[]): readonly number[] => {
    const counts = new Array<number>(LATENCY_STEPS).fill(0);
    for (const { tookMs } of those) {
      const step = stepOf(scale, LATENCY_STEPS, tookMs);
      counts[step] = (counts[step] ?? 0) + 1;
    }
    return counts.map((count) => Math.round((count / those.length) * 1e4) / 1e4 || 0);
  };
  return {
    scale,
    before: shares(answered.filter(({ isBefore }) => isBefore)),
    after: shares(answered.filter(({ isBefore }) => !isBefore)),
  };
}
