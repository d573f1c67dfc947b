import * as Plot from '@observablehq/plot';

import type { Drawing, Moment } from '../drawing.ts';
import { type Frame, framed, leftOf } from './scales.ts';
import { timeText } from './outcomes.ts';

const ROW = 18;
/** Pixels that a letter takes at most, on average. */
const LETTER = 7;
const COLORS = { signal: 'var(--signal)', kill: 'var(--lost)', exit: 'var(--text)', other: 'var(--quiet)' } as const;
const DASHES = { signal: 'none', kill: 'none', exit: 'none', other: '3 3' } as const;

interface Placed extends Moment {
  readonly row: number;
  readonly isLeft: boolean;
  readonly label: string;
}

/** The names of what happened, none over another, each over the line that goes down from it. */
export function momentLabels({ moments }: Pick<Drawing, 'moments'>, frame: Frame): SVGElement | null {
  const placed = place(within(moments, frame), frame);
  if (placed.length === 0) return null;
  const rows = Math.max(...placed.map(({ row }) => row)) + 1;
  const seconds = ({ atMs }: Moment): number => atMs / 1000;
  const label = (isLeft: boolean) =>
    Plot.text(
      placed.filter((one) => one.isLeft === isLeft),
      {
        x: seconds,
        y: 'row',
        text: 'label',
        fill: ({ kind }: Placed) => COLORS[kind],
        textAnchor: isLeft ? 'end' : 'start',
        dx: isLeft ? -5 : 5,
        fontWeight: 600,
        // Over the lines of others.
        stroke: 'var(--page)',
        strokeWidth: 4,
      },
    );
  return Plot.plot({
    ...framed(frame, rows * ROW + 8, false),
    marginBottom: 0,
    y: { domain: [-0.5, rows - 0.5], axis: null, reverse: true },
    marks: [
      Plot.ruleX(placed, {
        x: seconds,
        y1: 'row',
        y2: rows - 0.5,
        stroke: ({ kind }: Placed) => COLORS[kind],
        strokeWidth: 1.5,
      }),
      label(true),
      label(false),
    ],
  }) as SVGElement;
}

/** A line down through a drawing for each. */
export function momentRules({ moments }: Pick<Drawing, 'moments'>, frame: Frame): readonly Plot.Markish[] {
  return within(moments, frame).map(({ atMs, kind }) =>
    Plot.ruleX([atMs / 1000], {
      stroke: COLORS[kind],
      strokeWidth: 1.5,
      strokeDasharray: DASHES[kind],
      // Over the room for the name of the axis, to the line in the drawing above.
      insetTop: -24,
      insetBottom: -8,
    }),
  );
}

function within(moments: readonly Moment[], { view }: Frame): readonly Moment[] {
  return moments.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.untilMs);
}

/** Each in the first row where it fits; to the left of its line where there is no room to the right. */
function place(moments: readonly Moment[], { view, width }: Frame): readonly Placed[] {
  const left = leftOf(width);
  const taken: { from: number; until: number }[][] = [];
  return moments.map((moment) => {
    const label = `${moment.text} ${timeText(moment.atMs)}`;
    const at = left + ((moment.atMs - view.fromMs) / (view.untilMs - view.fromMs)) * (width - left - 16);
    const long = label.length * LETTER + 12;
    const isLeft = at + long > width;
    const span = isLeft ? { from: at - long, until: at + 4 } : { from: at - 4, until: at + long };
    const isFree = (row: { from: number; until: number }[]): boolean =>
      row.every(({ from, until }) => span.until < from || span.from > until);
    const found = taken.findIndex(isFree);
    const row = found === -1 ? taken.length : found;
    (taken[row] ??= []).push(span);
    return { ...moment, row, isLeft, label };
  });
}
