import type { Via } from '../../engines/engine.ts';
import type { HarnessFacts } from '../../observation.ts';
import type { Plan } from '../../plan/plan.ts';
import { targetNoun } from '../../plan/terms.ts';
import type { LatencyRecord, RunRecord } from '../../result.ts';
import { whoseText } from './attached.ts';
import { type Look, heading } from '../look.ts';
import { notHere } from '../not-here.ts';
import { paragraph, period, plural, time } from '../text.ts';
import { unloadedOf } from './unloaded.ts';

/** How an image's container was reached. */
const VIAS = {
  container: "the container's own address",
  'published-port': "a published port, through the engine's proxy, where a refusal can only be inferred",
  helper: 'a helper container',
} as const;

/** How requests were spread over connections. */
export const CONNECTIONS = {
  fresh: 'each on a fresh connection',
  pooled: 'on pooled connections',
  both: 'half on fresh and half on pooled connections',
} as const;

const PROTOCOLS = { http1: 'HTTP/1.1', http2: 'HTTP/2', grpc: 'gRPC' } as const;

/** What the figures rest on. */
export function measuredLines(run: RunRecord, look: Look): readonly string[] {
  const facts = [
    ...(unloadedOf(run)?.measured ?? loadFacts(run)),
    ...placeFacts(run),
    ...fileFacts(run),
    ...kernelFacts(run),
  ];
  return [heading(look, 'Measured'), ...facts.map((fact) => paragraph(fact, look.width, '  '))];
}

function viaText(via: Via, { container }: Plan): string {
  if (via !== 'local') return VIAS[via];
  return container.network === 'own'
    ? 'in a network of its own, which reaches nothing else'
    : "on this machine's network";
}

function loadFacts({ plan, target, requests, observation }: RunRecord): readonly string[] {
  const { load } = plan.resolved;
  const rate = `${rateText(plan.ratePerSecond)} requests/s${plan.rate === 'auto' ? ' (auto)' : ''}`;
  const via = target.via === null ? '' : `: ${viaText(target.via, plan.resolved)}`;
  return [
    `${rate}, ${mixText(load.requests)}, ${CONNECTIONS[load.connections]}.`,
    `To ${target.address}${via}; ${PROTOCOLS[load.protocol]}${load.tls === null ? '' : ' over TLS'}.`,
    `In flight at the signal: at least ${requests.inFlightAtSignal}. Latency before: ${latencyText(requests.latencyMs.before)}; from the ${plan.profile === 'docker' ? 'signal' : 'stop'} on: ${latencyText(requests.latencyMs.after)}.`,
    ownPartText(observation.harness),
    clientText(plan.resolved),
    ...(observation.harness.faults > 0
      ? [`${plural(observation.harness.faults, 'request')} failed for reasons of this machine's and count for nothing.`]
      : []),
  ];
}

/** How far the figures can be trusted: what this program did to them. */
export function ownPartText({ latenessMs, cpuCores }: HarnessFacts): string {
  const took = cpuCores === null ? '' : `; this program took ${cpuCores.toFixed(2)} cores`;
  return `Left late by p50 ${time(latenessMs.p50)}, p99 ${time(latenessMs.p99)}, max ${time(latenessMs.max)}${took}.`;
}

/** Whom the load plays. */
function clientText({ profile, routingLagMs, pooledAfterLag }: Plan): string {
  if (profile === 'docker') return 'The load plays a client that never learns of the stop; nothing is sent twice.';
  const pooled = pooledAfterLag === 'go' ? 'goes on over those it has' : 'sends nothing more';
  return `The load plays a proxy that hears of the stop ${period(routingLagMs)} late: then it makes no new connection, and ${pooled}; nothing is sent twice.`;
}

/** Whose container it was; what a command had of one, and what not: the rest of it was not tried. */
function placeFacts(run: RunRecord): readonly string[] {
  const { plan, observation } = run;
  if (targetNoun(plan.resolved) === 'container') return whoseText(run);
  return [
    `No image was run: the command was PID 1 of a PID namespace of its own (Linux ${observation.engine.version}); files, user and limits were this machine's.`,
  ];
}

/** What the container had in its cluster, and had not here. */
function fileFacts({ plan }: RunRecord): readonly string[] {
  const lacking = notHere(plan.resolved);
  return lacking === null ? [] : [lacking];
}

/** Why the report has no story of the kernel's; nothing where it has one, or none was wanted. */
function kernelFacts({ plan, observation: { kernel } }: RunRecord): readonly string[] {
  if (kernel.kind === 'traced' || plan.resolved.kernelTrace !== 'auto') return [];
  return [`The kernel was not asked: ${kernel.because.replace(/\.$/, '')}.`];
}

/** `42.5`. */
export function rateText(ratePerSecond: number): string {
  return String(Math.round(ratePerSecond * 10) / 10);
}

/** What is asked for, and how often where that has a period of its own: `GET /, GET /report every 4 s`. */
export function mixText(requests: RunRecord['plan']['resolved']['load']['requests']): string {
  return requests
    .map(({ method, path, everyMs }) => `${method} ${path}${everyMs === null ? '' : ` every ${period(everyMs)}`}`)
    .join(', ');
}

/** `p50 200 ms, p99 210 ms, max 250 ms`. */
export function latencyText({ p50, p99, max }: LatencyRecord): string {
  if (p50 === null || p99 === null || max === null) return 'none answered';
  return `p50 ${time(p50)}, p99 ${time(p99)}, max ${time(max)}`;
}
