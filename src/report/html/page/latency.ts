import * as Plot from '@observablehq/plot';

import type { LatencyDrawing } from '../drawing.ts';
import { leftOf, edgesOf } from './scales.ts';

/** How long answers took before the stop and from it on: two distributions over one axis. */
export function latencyPlot({ scale, before, after }: LatencyDrawing, width: number): SVGElement {
  const bars = (shares: readonly number[], when: string) =>
    shares.map((share, nth) => ({
      when,
      share: share * 100,
      from: edgesOf(scale, shares.length, nth),
      until: edgesOf(scale, shares.length, nth + 1),
    }));
  return Plot.plot({
    width,
    height: 200,
    marginLeft: leftOf(width),
    marginRight: 72,
    marginBottom: 38,
    style: { fontSize: '12px', background: 'none' },
    ariaLabel: 'How long answers took, before the stop and from it on, in percent of the answers',
    x: {
      type: scale.kind,
      domain: [scale.fromMs, scale.untilMs],
      label: 'milliseconds',
      ticks: 8,
      tickFormat: tickText,
    },
    y: { label: '%', grid: true, ticks: 3 },
    fy: { label: null, domain: ['before', 'after'] },
    marks: [
      Plot.rectY([...bars(before, 'before'), ...bars(after, 'after')], {
        x1: 'from',
        x2: 'until',
        y: 'share',
        fy: 'when',
        fill: ({ when }: { when: string }) => (when === 'before' ? 'var(--quiet)' : 'var(--in-flight)'),
        inset: 0.5,
      }),
      Plot.ruleY([0], { stroke: 'var(--line)' }),
    ],
  }) as SVGElement;
}

function tickText(ms: number): string {
  return ms >= 1 ? ms.toLocaleString('en-US') : String(ms);
}
