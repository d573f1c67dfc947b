import type { PlotOptions, ScaleOptions } from '@observablehq/plot';

import type { TookScale, View } from '../drawing.ts';

/** What every drawing above one another has in common, so that the same moment stands at the same place. */
export interface Frame {
  readonly width: number;
  readonly view: View;
}

const LEFT = 64;
const NARROW_LEFT = 48;
const RIGHT = 16;

/** Room at the left for names, less where there is little. */
export function leftOf(width: number): number {
  return width < 640 ? NARROW_LEFT : LEFT;
}

/** Options of a drawing over the time of a view. Only the last has its axis told. */
export function framed({ width, view }: Frame, height: number, isLast: boolean): PlotOptions {
  return {
    width,
    height,
    marginLeft: leftOf(width),
    marginRight: RIGHT,
    marginTop: 6,
    marginBottom: isLast ? 38 : 4,
    style: { fontSize: '12px', background: 'none', overflow: 'visible' },
    x: {
      domain: [view.fromMs / 1000, view.untilMs / 1000],
      axis: isLast ? 'bottom' : null,
      label: 'seconds',
      labelAnchor: 'right',
      ticks: width < 640 ? 5 : 10,
      clamp: false,
    },
  };
}

/** The scale of how long requests took; times beyond its ends stand at them. */
export function tookAxis({ kind, fromMs, untilMs }: TookScale): ScaleOptions {
  const isSeconds = untilMs > 3000;
  return {
    type: kind,
    domain: [fromMs, untilMs],
    clamp: true,
    grid: true,
    ticks: 5,
    tickFormat: (ms: number) => (isSeconds ? String(ms / 1000) : String(ms)),
    label: isSeconds ? 'took, s' : 'took, ms',
  };
}

/** Where the steps of a scale lie. */
export function edgesOf({ kind, fromMs, untilMs }: TookScale, steps: number, step: number): number {
  return kind === 'linear'
    ? fromMs + ((untilMs - fromMs) * step) / steps
    : fromMs * Math.pow(untilMs / fromMs, step / steps);
}
