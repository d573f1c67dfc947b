import { setTimeout as delay } from 'node:timers/promises';

import type { ImageFacts, Target, TargetAddress } from './engines/engine.ts';
import { addressOfCommand } from './command-port.ts';
import { CannotRunError } from './errors.ts';
import { plannedPort } from './plan/planned-port.ts';
import type { Plan } from './plan/plan.ts';
import { exitedFirst } from './ready.ts';
import type { Watch } from './witness/watch.ts';

/** An app without EXPOSE is given so long to start listening, to be able to name its port, or to exit, which is the news then. */
const LISTEN_WAIT_MS = 5000;
const POLL_MS = 100;

/** Ports that may have to be published: the one to ask, or where that cannot be told before the start all of EXPOSE. */
export function portsToReach(plan: Plan, image: ImageFacts): readonly number[] {
  const hookPort = plan.preStop?.kind === 'http' ? plan.preStop.port : null;
  const hooks = [hookPort, plan.readyPort].filter((port) => port !== null);
  if (plan.load.kind === 'none') return hooks;
  const port = plannedPort(plan, image);
  return port === null ? image.exposedPorts : [...new Set([port, ...hooks])];
}

/**
 * Where the ready path is asked; null where nothing is.
 * @throws CannotRunError where a port of its own cannot be reached.
 */
export async function addressOfReadiness(
  { readyPort }: Pick<Plan, 'readyPort'>,
  address: TargetAddress | null,
  target: Target,
): Promise<TargetAddress | null> {
  return address === null || readyPort === null ? address : await target.addressOf(readyPort);
}

/**
 * Where a preStop hook that is a GET goes; null where there is none.
 * @param asked where requests are sent; null where none are
 * @throws CannotRunError where its port cannot be told or reached.
 */
export async function addressOfHook(
  { preStop, ...plan }: Plan,
  image: ImageFacts,
  target: Target,
  asked: TargetAddress | null,
): Promise<TargetAddress | null> {
  if (preStop?.kind !== 'http') return null;
  if (preStop.port === null && asked !== null) return asked;
  const port = preStop.port ?? plannedPort(plan, image);
  if (port !== null) return await target.addressOf(port);
  throw new CannotRunError('It is unclear which port the preStop hook is for.', {
    nextStep: `Name it: --pre-stop http:8080${preStop.path}`,
  });
}

/**
 * Where requests are sent; null where none are.
 * @throws CannotRunError where the port cannot be told or reached, or the target has exited meanwhile.
 */
export async function addressToAsk(
  plan: Plan,
  image: ImageFacts,
  target: Target,
  watch: Watch,
  abort: AbortSignal,
): Promise<TargetAddress | null> {
  if (plan.load.kind === 'none') return null;
  if (plan.image.kind === 'command') return await addressOfCommand(plan, target, watch, abort);
  const port = plannedPort(plan, image);
  if (port === null) throw await unknownPort(plan, image, target, watch, abort);
  return await addressOf(plan, target, port, watch);
}

/**
 * The error for a port that cannot be told, with the candidates: what is exposed and what really listens. Where the
 * target has exited meanwhile, that is the error.
 */
async function unknownPort(
  plan: Plan,
  image: ImageFacts,
  target: Target,
  watch: Watch,
  abort: AbortSignal,
): Promise<CannotRunError> {
  const listening = await portsListenedOn(target, abort);
  const state = await target.state();
  if (!state.running) return await exitedFirst(plan, state, watch);
  const exposed = image.exposedPorts;
  const candidates = [...new Set([...exposed, ...listening])].sort((a, b) => a - b);
  const who = plan.image.kind === 'container' ? 'container' : 'image';
  const what = exposed.length === 0 ? 'no port' : exposed.join(', ');
  const message = `The ${who} exposes ${what}, so it is unclear where requests go.`;
  const detail = listening.length === 0 ? [] : [`In the container something listens on ${listening.join(', ')}.`];
  const example = listening[0] ?? candidates[0] ?? 8080;
  return new CannotRunError(message, {
    detail,
    nextStep: `Name the port the app listens on, for instance \`--port ${example}\`${candidates.length > 1 ? ` (candidates: ${candidates.join(', ')})` : ''}.`,
  });
}

/** Where the port is reached. One that has exited meanwhile has no address, and then the exit is the error. */
async function addressOf(plan: Plan, target: Target, port: number, watch: Watch): Promise<TargetAddress> {
  return await target.addressOf(port).catch(async (error: unknown) => {
    const state = await target.state();
    throw state.running ? error : await exitedFirst(plan, state, watch);
  });
}

/** What it listens on by then; nothing where it has exited, listens on nothing, or cannot be looked into. */
async function portsListenedOn(target: Target, abort: AbortSignal): Promise<readonly number[]> {
  const untilMs = performance.now() + LISTEN_WAIT_MS;
  for (;;) {
    const ports = (await target.listeningPorts()) ?? [];
    if (ports.length > 0 || performance.now() >= untilMs || !(await target.state()).running) return ports;
    await delay(POLL_MS, undefined, { signal: abort });
  }
}
