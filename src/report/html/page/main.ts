import type { Drawing } from '../drawing.ts';
import { inFlightArea, laneBars, logTicks } from './beside.ts';
import { latencyPlot } from './latency.ts';
import { momentLabels } from './moments.ts';
import { bucketMarks, legend, requestMarks } from './requests.ts';
import type { Frame } from './scales.ts';

/** A page is this wide at most; on paper, and before it is laid out, it is taken to be so wide. */
const PAPER_WIDTH = 900;
const drawn = new Map<string, Drawing>();

/** Reads what a run draws when it is first asked for. */
function drawingOf(id: string): Drawing | null {
  const known = drawn.get(id);
  if (known) return known;
  const text = document.querySelector(`script#${CSS.escape(id)}`)?.textContent;
  if (!text) return null;
  const drawing = JSON.parse(text) as Drawing;
  drawn.set(id, drawing);
  return drawing;
}

function chosenView(id: string): string | null {
  const name = CSS.escape(`${id}-view`);
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? null;
}

function drawTimeline(place: HTMLElement): void {
  const id = place.dataset['drawing'] ?? '';
  const drawing = drawingOf(id);
  const view = drawing?.views.find((one) => one.id === chosenView(id)) ?? drawing?.views[0];
  if (!drawing || !view) return;
  const frame: Frame = { width: widthOf(place), view };
  const parts = [
    legend(drawing, frame),
    momentLabels(drawing, frame),
    drawing.buckets === null ? requestMarks(drawing, frame) : bucketMarks(drawing, frame),
    inFlightArea(drawing, frame),
    laneBars(drawing, frame),
    logTicks(drawing, frame),
  ];
  place.replaceChildren(...parts.filter((part) => part !== null).map(asPicture));
  place.dataset['drawn'] = view.id;
  showLog(id, view);
}

/** An image with a name; what is in it is told in the tables. */
function asPicture(part: Element): Element {
  if (part instanceof SVGElement) {
    part.setAttribute('role', 'img');
    if (!part.hasAttribute('aria-label')) part.setAttribute('aria-label', 'What happened');
    // The parts of an image have no names of their own.
    for (const named of part.querySelectorAll('[aria-label], [aria-description]')) {
      named.setAttribute('data-mark', named.getAttribute('aria-label') ?? '');
      named.removeAttribute('aria-label');
      named.removeAttribute('aria-description');
    }
  }
  return part;
}

/** The log follows the view. */
function showLog(id: string, { fromMs, untilMs }: { fromMs: number; untilMs: number }): void {
  for (const list of document.querySelectorAll(`[data-log="${CSS.escape(id)}"]`)) {
    for (const line of list.querySelectorAll<HTMLElement>('li')) {
      const atMs = Number(line.dataset['at']);
      // The first line of all stands where the whole run begins, with whatever was written before it.
      line.hidden = (atMs < fromMs && chosenView(id) !== 'whole' && chosenView(id) !== null) || atMs > untilMs + 1;
    }
  }
}

function drawLatency(place: HTMLElement): void {
  const latency = drawingOf(place.dataset['latency'] ?? '')?.latency;
  if (latency) place.replaceChildren(asPicture(latencyPlot(latency, widthOf(place))));
}

function widthOf(place: HTMLElement): number {
  return Math.max(300, Math.min(1100, place.clientWidth || PAPER_WIDTH));
}

/** Draws what stands in the open; what is folded is drawn when it is opened. */
function drawOpen(within: ParentNode = document): void {
  for (const place of within.querySelectorAll<HTMLElement>('.drawing')) {
    if (place.closest('details:not([open])')) continue;
    if (place.dataset['latency'] === undefined) drawTimeline(place);
    else drawLatency(place);
  }
}

/** A link to something folded opens it. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target?.closest('details');
  if (!target || !details) return;
  details.open = true;
  details.querySelector('summary')?.focus();
  target.scrollIntoView();
}

/** On paper what matters is open. */
function printAll(): void {
  const opened = [...document.querySelectorAll<HTMLDetailsElement>('details[data-print]:not([open])')];
  for (const details of opened) details.open = true;
  drawOpen();
  addEventListener('afterprint', () => opened.forEach((details) => (details.open = false)), { once: true });
}

function listen(): void {
  document.addEventListener('change', ({ target }) => {
    const zoom = target instanceof Element ? target.closest<HTMLElement>('[data-zoom]')?.dataset['zoom'] : undefined;
    if (zoom === undefined) return;
    document.querySelectorAll<HTMLElement>(`[data-drawing="${CSS.escape(zoom)}"]`).forEach(drawTimeline);
  });
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.open) drawOpen(target);
    },
    true,
  );
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    drawOpen();
  });
  addEventListener('hashchange', openTarget);
  addEventListener('beforeprint', printAll);
}

listen();
drawOpen();
openTarget();
document.documentElement.dataset['drawn'] = 'yes';
