import { hostname, release } from 'node:os';

import { isRemote } from '../engines/docker/address.ts';
import { meetDocker, type Met } from '../engines/docker/connect.ts';
import { CannotRunError } from '../errors.ts';
import { countsLikeTheKernel } from '../witness/kernel/tracefs.ts';
import { bounded, LIMIT_MS, refusalOf } from './bounded.ts';
import type { ClockFacts, EngineFacts, SystemFacts } from './machine.ts';

/** How long an address may take to say that it is an engine. */
const MEET_MS = 3_000;

/** What is read of an engine's `/info`. */
interface Info {
  readonly OperatingSystem?: string;
  readonly KernelVersion?: string;
  readonly Architecture?: string;
  readonly Name?: string;
  readonly SystemTime?: string;
  readonly HttpProxy?: string;
  readonly HttpsProxy?: string;
  readonly InitBinary?: string;
  readonly IndexServerAddress?: string;
  readonly RegistryConfig?: { readonly Mirrors?: readonly string[] | null } | null;
}

/** An engine that answers, what it says of itself, and its clock. */
export interface KnownEngine {
  readonly met: Met;
  readonly facts: Extract<EngineFacts, { kind: 'answers' }>;
  readonly clock: ClockFacts;
  readonly init: string | null;
  /** Its default registry, as it names it; null where it does not. */
  readonly index: string | null;
}

/** The engine that a run would take; what keeps it from that. Never throws. */
export async function lookAtEngine(): Promise<KnownEngine | Extract<EngineFacts, { kind: 'none' }>> {
  try {
    const met = await bounded(meetDocker(undefined, MEET_MS));
    if (met.kind === 'unanswered') throw silent();
    // A question that hangs would hold its connection open for ever. A run sets this anew.
    (met.dockerode.modem as { timeout?: number }).timeout = LIMIT_MS;
    return await introduce(met);
  } catch (error) {
    return { kind: 'none', ...refusalOf(error) };
  }
}

async function introduce(met: Met): Promise<KnownEngine> {
  const { info, clock } = await ask(met);
  const { dockerHost, namedBy } = met.address;
  const remote = isRemote(met.address);
  return {
    met,
    facts: { kind: 'answers', info: met.info, dockerHost, namedBy, isRemote: remote, ...systemOf(info, remote) },
    clock,
    init: info.InitBinary || null,
    index: info.IndexServerAddress || null,
  };
}

/** Two questions: the first may have to open the connection, which would count as time on the way. */
async function ask({ dockerode }: Met): Promise<{ readonly info: Info; readonly clock: ClockFacts }> {
  const question = async (): Promise<{ readonly info: Info; readonly clock: ClockFacts }> => {
    const before = Date.now();
    const info = (await dockerode.info()) as Info;
    return { info, clock: clockOf(info.SystemTime, before, Date.now()) };
  };
  const asked = await bounded(question().then(question));
  return 'info' in asked ? asked : { info: {}, clock: asked };
}

function clockOf(systemTime: string | undefined, beforeMs: number, afterMs: number): ClockFacts {
  const theirsMs = Date.parse(systemTime ?? '');
  if (!Number.isFinite(theirsMs)) return { kind: 'unknown' };
  const withinMs = (afterMs - beforeMs) / 2;
  return { kind: 'told', offsetMs: Math.round(theirsMs - beforeMs - withinMs), withinMs: Math.ceil(withinMs) };
}

function systemOf(info: Info, remote: boolean): SystemFacts {
  const isThisKernel = info.KernelVersion === release() && info.Name === hostname();
  const proxy = info.HttpsProxy || info.HttpProxy || null;
  return {
    system: info.OperatingSystem ?? null,
    kernel: info.KernelVersion ?? null,
    architecture: info.Architecture ?? null,
    isHere: !remote && isThisKernel && countsLikeTheKernel(),
    proxy: proxy === null ? null : proxy.replace(/\/\/[^/@]*@/, '//'),
    mirrors: info.RegistryConfig?.Mirrors ?? [],
  };
}

function silent(): CannotRunError {
  return new CannotRunError(`No engine was found in ${LIMIT_MS / 1_000} s.`, {
    nextStep: 'Name it: set DOCKER_HOST to the address of a running one, such as unix:///path/to/docker.sock.',
  });
}
