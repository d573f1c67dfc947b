import * as Plot from '@observablehq/plot';

import type { Drawing, Lane } from '../drawing.ts';
import { momentRules } from './moments.ts';
import { timeText } from './outcomes.ts';
import { type Frame, framed } from './scales.ts';

const LANE = 34;

/** How many were in flight, as an area. */
export function inFlightArea(drawing: Drawing, frame: Frame): SVGElement {
  const { view } = frame;
  const stepMs = (view.untilMs - view.fromMs) / view.inFlight.length;
  const steps = [...view.inFlight, view.inFlight.at(-1) ?? 0].map((most, nth) => ({
    at: (view.fromMs + nth * stepMs) / 1000,
    most,
  }));
  const most = view.inFlight.reduce((so, count) => Math.max(so, count), 1);
  return Plot.plot({
    ...framed(frame, 108, false),
    marginTop: 24,
    ariaLabel: `How many were ${drawing.inFlightLabel}`,
    y: { domain: [0, most], grid: true, ticks: Math.min(3, most), label: drawing.inFlightLabel, tickFormat: 'd' },
    marks: [
      Plot.areaY(steps, { x: 'at', y: 'most', curve: 'step-after', fill: 'var(--in-flight)', fillOpacity: 0.35 }),
      Plot.lineY(steps, { x: 'at', y: 'most', curve: 'step-after', stroke: 'var(--in-flight)', strokeWidth: 1.25 }),
      ...momentRules(drawing, frame),
    ],
  }) as SVGElement;
}

/** A lane for each process, with the signals that it got; its name stands in it. */
export function laneBars(drawing: Drawing, frame: Frame): SVGElement | null {
  const { view } = frame;
  if (drawing.lanes.length === 0) return null;
  const within = (ms: number): number => Math.min(view.untilMs, Math.max(view.fromMs, ms)) / 1000;
  const lanes = drawing.lanes.map((lane, nth) => ({
    nth,
    label: lane.label,
    from: within(lane.fromMs),
    until: within(lane.untilMs),
  }));
  const signals = drawing.lanes.flatMap((lane, nth) => togetherOf(lane, frame).map((signal) => ({ ...signal, nth })));
  const isNearEnd = (at: number): boolean => at > (view.fromMs + (view.untilMs - view.fromMs) * 0.75) / 1000;
  const text = (isLeft: boolean) =>
    Plot.text(
      signals.filter(({ at }) => isNearEnd(at) === isLeft),
      {
        x: 'at',
        y: 'nth',
        text: 'text',
        fill: 'var(--text)',
        textAnchor: isLeft ? 'end' : 'start',
        dx: isLeft ? -9 : 9,
        dy: 7,
        fontWeight: 600,
      },
    );
  return Plot.plot({
    ...framed(frame, drawing.lanes.length * LANE + 10, false),
    ariaLabel: 'The processes, and the signals that they got',
    y: { domain: [-0.5, drawing.lanes.length - 0.5], axis: null, reverse: true },
    symbol: { type: 'identity' },
    marks: [
      Plot.rect(lanes, {
        x1: 'from',
        x2: 'until',
        y1: ({ nth }: { nth: number }) => nth - 0.42,
        y2: ({ nth }: { nth: number }) => nth + 0.42,
        fill: 'var(--lane)',
      }),
      Plot.text(lanes, {
        x: view.fromMs / 1000,
        y: 'nth',
        text: 'label',
        textAnchor: 'start',
        dx: 6,
        dy: -7,
        fill: 'var(--text)',
      }),
      ...momentRules(drawing, frame),
      Plot.dot(signals, {
        x: 'at',
        y: 'nth',
        dy: 7,
        r: 4.5,
        symbol: 'diamond',
        fill: ({ isKill }: { isKill: boolean }) => (isKill ? 'var(--lost)' : 'var(--signal)'),
        title: 'text',
      }),
      text(true),
      text(false),
    ],
  }) as SVGElement;
}

interface Signals {
  readonly at: number;
  readonly text: string;
  readonly isKill: boolean;
}

/** Signals so near each other that their names would overlap are named together. */
function togetherOf({ signals }: Lane, { view }: Frame): readonly Signals[] {
  const nearMs = (view.untilMs - view.fromMs) * 0.14;
  const groups: { atMs: number; texts: string[] }[] = [];
  for (const { atMs, text } of signals) {
    if (atMs < view.fromMs || atMs > view.untilMs) continue;
    const last = groups.at(-1);
    if (last !== undefined && atMs - last.atMs < nearMs) last.texts.push(text);
    else groups.push({ atMs, texts: [text] });
  }
  return groups.map(({ atMs, texts }) => ({
    at: atMs / 1000,
    text: shortened(texts),
    isKill: texts.some((text) => text.startsWith('SIGKILL')),
  }));
}

function shortened(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  const shown = different.slice(0, 2).join(', then ');
  return different.length > 2 ? `${shown} and ${different.length - 2} more` : shown;
}

/** When it wrote to its log; and the axis of time, which stands under all. */
export function logTicks(drawing: Drawing, frame: Frame): SVGElement {
  const { view } = frame;
  const shown = drawing.logs.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.untilMs);
  const has = drawing.logs.length > 0;
  return Plot.plot({
    ...framed(frame, has ? 74 : 44, true),
    ariaLabel: has ? 'When it wrote to its log; the axis of time' : 'The axis of time',
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.text(has ? ['log'] : [], {
        frameAnchor: 'left',
        dx: -frameGap(frame),
        textAnchor: 'start',
        text: (text: string) => text,
        fill: 'var(--quiet)',
      }),
      ...momentRules(drawing, frame),
      Plot.ruleX(shown, {
        x: ({ atMs }: { atMs: number }) => atMs / 1000,
        y1: ({ isError }: { isError: boolean }) => (isError ? 0 : 0.25),
        y2: ({ isError }: { isError: boolean }) => (isError ? 1 : 0.75),
        stroke: ({ isError }: { isError: boolean }) => (isError ? 'var(--lost)' : 'var(--text)'),
        strokeWidth: 2,
        title: ({ atMs, isError }: { atMs: number; isError: boolean }) =>
          `${isError ? 'stderr' : 'stdout'} at ${timeText(atMs)}`,
      }),
    ],
  }) as SVGElement;
}

function frameGap({ width }: Frame): number {
  return width < 640 ? 44 : 60;
}
