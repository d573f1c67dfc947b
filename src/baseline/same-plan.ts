import { formatDuration } from '../plan/durations.ts';
import type { LoadPlan, Plan, RequestPlan } from '../plan/plan.ts';
import { shortPreStop } from '../plan/pre-stop.ts';
import { asTyped } from '../report/text.ts';

/** What a plan says differently from another, each as one types it. */
export interface PlanDifference {
  /** The flag, or what it is called where there is none. */
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

type Reading = readonly [what: string, read: (plan: Plan) => string];

/**
 * What the figures of a stop depend on, and no more: the image and what it is made of are what is compared, the environment is
 * not saved, and what the verdict allows, how long a run waits and what is shown of it change no figure.
 */
const READINGS: readonly Reading[] = [
  ['--profile', ({ profile }) => profile],
  ['--grace', ({ graceMs }) => formatDuration(graceMs)],
  ['--pre-stop', ({ preStop }) => (preStop === null ? 'none' : shortPreStop(preStop))],
  ['--routing-lag', ({ routingLagMs }) => formatDuration(routingLagMs)],
  ['--pooled-after-lag', ({ profile, pooledAfterLag }) => (profile === 'docker' ? 'none' : pooledAfterLag)],
  ['--when', ({ when }) => (when === 'ready' ? when : formatDuration(when))],
  ['--load', ({ load }) => load.kind],
  ['the requests', ({ load }) => load.requests.map(requestText).join(', ') || 'none'],
  ['--rate', ({ load }) => (load.kind === 'none' ? 'none' : String(load.rate))],
  ['--connections', ({ load }) => (load.kind === 'none' ? 'none' : load.connections)],
  ['the protocol', ({ load }) => protocolText(load)],
  ['--park', ({ load }) => String(load.park)],
  ['--hold', ({ load }) => load.holds.map(({ kind, path }) => `${kind}:${path}`).join(', ') || 'none'],
  ['--job-start', ({ jobs }) => jobs?.start ?? 'none'],
  ['--job-end', ({ jobs }) => jobs?.end ?? 'none'],
  ['--init', ({ container }) => (container.init ? 'yes' : 'no')],
  ['--stop-signal', ({ container }) => container.stopSignal ?? "the image's"],
  ['--entrypoint', ({ container }) => wordsText(container.entrypoint)],
  ['the command', ({ container }) => wordsText(container.command)],
  ['--memory', ({ container }) => (container.memoryBytes === null ? 'no limit' : `${container.memoryBytes} bytes`)],
  ['--cpus', ({ container }) => String(container.cpus ?? 'no limit')],
  [
    '--sidecar',
    ({ companions }) => companions.flatMap(({ role, name }) => (role === 'sidecar' ? name : [])).join(', '),
  ],
];

/** What keeps two plans from being compared; empty where nothing does. Both as they are saved: see `savedPlan`. Pure. */
export function planDifferences(was: Plan, is: Plan): readonly PlanDifference[] {
  return READINGS.map(([what, read]) => ({ what, was: read(was), is: read(is) })).filter((one) => one.was !== one.is);
}

function requestText({ method, path, headers, body, share, everyMs }: RequestPlan): string {
  const often = everyMs === null ? `share ${share}` : `every ${formatDuration(everyMs)}`;
  const more = [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === null ? [] : [`body ${body}`]),
  ];
  return [`${method} ${path} (${often})`, ...more].join('; ');
}

function protocolText({ kind, protocol, tls }: LoadPlan): string {
  if (kind === 'none') return 'none';
  return tls === null ? protocol : `${protocol} over TLS`;
}

function wordsText(words: readonly string[] | null): string {
  return words === null ? "the image's" : asTyped(words) || 'none';
}
