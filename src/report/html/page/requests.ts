import * as Plot from '@observablehq/plot';

import type { Outcome } from '../../../load/outcomes.ts';
import type { Drawing, Layer } from '../drawing.ts';
import { momentRules } from './moments.ts';
import { APPEARANCE, timeText } from './outcomes.ts';
import { edgesOf, type Frame, framed, tookAxis } from './scales.ts';

interface Single {
  readonly outcome: Outcome;
  readonly at: number;
  readonly took: number;
}

interface Cell {
  readonly outcome: Outcome;
  readonly count: number;
  readonly from: number;
  readonly until: number;
  readonly least: number;
  readonly most: number;
}

/** Every request by how it ended; where they are too many, cells that are darker where there are more. */
export function requestMarks(drawing: Drawing, frame: Frame): SVGElement {
  const { layers } = frame.view;
  const singles = layers.flatMap(singlesOf);
  const cells = layers.flatMap((layer) => cellsOf(layer, drawing, frame));
  const most = cells.reduce((so, { count }) => Math.max(so, count), 1);
  return Plot.plot({
    ...framed(frame, frame.width < 640 ? 220 : 280, false),
    marginTop: 20,
    marginBottom: 8,
    ariaLabel: 'Requests: when each ended, and how long it took',
    y: tookAxis(drawing.took),
    symbol: { type: 'identity' },
    marks: [
      Plot.rect(cells, {
        x1: 'from',
        x2: 'until',
        y1: 'least',
        y2: 'most',
        fill: ({ outcome }: Cell) => APPEARANCE[outcome].color,
        // By its logarithm, and never so faint that a single one is not seen.
        fillOpacity: ({ count }: Cell) => 0.25 + (0.75 * Math.log(count)) / Math.max(1, Math.log(most)),
        shapeRendering: 'crispEdges',
        title: ({ outcome, count }: Cell) => `${count.toLocaleString('en-US')} ${APPEARANCE[outcome].label}`,
      }),
      ...momentRules(drawing, frame),
      ...dots(singles.filter(({ outcome }) => outcome === 'completed')),
      // What failed lies above.
      ...dots(singles.filter(({ outcome }) => outcome !== 'completed')),
    ],
  }) as SVGElement;
}

function dots(singles: readonly Single[]): readonly Plot.Markish[] {
  if (singles.length === 0) return [];
  const isCalm = singles[0]?.outcome === 'completed';
  return [
    Plot.dot(singles, {
      x: 'at',
      y: 'took',
      symbol: ({ outcome }: Single) => APPEARANCE[outcome].symbol,
      stroke: ({ outcome }: Single) => APPEARANCE[outcome].color,
      fill: isCalm ? ({ outcome }: Single) => APPEARANCE[outcome].color : 'none',
      fillOpacity: 0.35,
      strokeWidth: isCalm ? 0.75 : 2.25,
      r: isCalm ? 2.5 : 4.5,
      title: ({ outcome, at, took }: Single) =>
        `${APPEARANCE[outcome].label}: ended at ${timeText(at * 1000)}, took ${timeText(took)}`,
    }),
  ];
}

function singlesOf({ outcome, singles }: Layer): readonly Single[] {
  return Array.from({ length: singles.length / 2 }, (_, nth) => ({
    outcome,
    at: (singles[2 * nth] ?? 0) / 1000,
    took: singles[2 * nth + 1] ?? 0,
  }));
}

function cellsOf(
  { outcome, cells }: Layer,
  { grid: [columns, rows], took }: Drawing,
  { view }: Frame,
): readonly Cell[] {
  const at = (column: number): number => (view.fromMs + ((view.untilMs - view.fromMs) * column) / columns) / 1000;
  return Array.from({ length: cells.length / 3 }, (_, nth) => {
    const [column = 0, row = 0, count = 0] = cells.slice(3 * nth, 3 * nth + 3);
    return {
      outcome,
      count,
      from: at(column),
      until: at(column + 1),
      least: edgesOf(took, rows, row),
      most: edgesOf(took, rows, row + 1),
    };
  });
}

/** How many ended in each bucket, one kind upon the other. */
export function bucketMarks(drawing: Drawing, frame: Frame): SVGElement | null {
  const { buckets } = drawing;
  if (buckets === null || buckets.rows.length === 0) return null;
  const bars = buckets.rows.flatMap(({ label, outcome, counts }) =>
    counts.map((count, nth) => ({
      label,
      outcome,
      count,
      from: (buckets.fromMs + nth * buckets.bucketMs) / 1000,
      until: (buckets.fromMs + (nth + 1) * buckets.bucketMs) / 1000,
    })),
  );
  return Plot.plot({
    ...framed(frame, 200, false),
    marginTop: 20,
    marginBottom: 8,
    ariaLabel: 'How many ended in each stretch of time',
    y: { grid: true, label: 'ended', ticks: 5 },
    marks: [
      Plot.rectY(bars, {
        x1: 'from',
        x2: 'until',
        y: 'count',
        fill: ({ outcome }: (typeof bars)[number]) => APPEARANCE[outcome].color,
        inset: 0.5,
        title: ({ label, count }: (typeof bars)[number]) => `${count} ${label}`,
      }),
      ...momentRules(drawing, frame),
    ],
  }) as SVGElement;
}

/** What the marks mean, with how many there are in this view. */
export function legend(drawing: Drawing, { view }: Frame): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'legend';
  const ofBuckets = (drawing.buckets?.rows ?? []).map(({ label, outcome, counts }) => ({
    label,
    outcome,
    count: counts.reduce((sum, one) => sum + one, 0),
    isSquare: true,
  }));
  const ofLayers = view.layers.map((layer) => ({
    label: APPEARANCE[layer.outcome].label,
    outcome: layer.outcome,
    count: countOf(layer),
    isSquare: layer.cells.length > 0,
  }));
  for (const { label, outcome, count, isSquare } of [...ofBuckets, ...ofLayers]) {
    const item = document.createElement('li');
    const text = document.createElement('span');
    text.textContent = `${label} ${count.toLocaleString('en-US')}`;
    item.append(swatch(outcome, isSquare), text);
    list.append(item);
  }
  return list;
}

function countOf({ singles, cells }: Layer): number {
  return singles.length / 2 + cells.reduce((sum, value, nth) => (nth % 3 === 2 ? sum + value : sum), 0);
}

function swatch(outcome: Outcome, isSquare: boolean): Element {
  const { symbol, color } = APPEARANCE[outcome];
  const isCalm = outcome === 'completed' || isSquare;
  const svg = Plot.plot({
    width: 16,
    height: 16,
    margin: 0,
    axis: null,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    symbol: { type: 'identity' },
    marks: [
      Plot.dot([0], {
        x: 0.5,
        y: 0.5,
        r: 5,
        symbol: isSquare ? 'square' : symbol,
        stroke: color,
        fill: isCalm ? color : 'none',
        strokeWidth: isCalm ? 0.75 : 2.25,
      }),
    ],
  });
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}
