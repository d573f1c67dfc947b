import { setTimeout as delay } from 'node:timers/promises';

import type { Target, TargetAddress } from './engines/engine.ts';
import { CannotRunError } from './errors.ts';
import type { Plan } from './plan/plan.ts';
import { exitedFirst, hintAtNetwork, lastLines } from './ready.ts';
import type { Watch } from './witness/watch.ts';

const POLL_MS = 20;
/** After its first port a command gets so long to open more. */
const SETTLE_MS = 200;

/**
 * Where a command takes requests: on the port that was named, else on the only one that it listens on, as soon as it does.
 * What is stopped while it starts is not waited for.
 *
 * @throws CannotRunError where it opens none in the time that it has to get ready, or several, or exits first.
 */
export async function addressOfCommand(
  plan: Plan,
  target: Target,
  watch: Watch,
  abort: AbortSignal,
): Promise<TargetAddress> {
  const { port } = plan.container;
  if (plan.when === 'ready') return await target.addressOf(await portOpened(plan, port, target, watch, abort));
  if (port !== null) return await target.addressOf(port);
  throw new CannotRunError('It is unclear where requests go: the command is stopped while it starts.', {
    nextStep: 'Name the port that it is going to open, for instance `--port 3000`.',
  });
}

async function portOpened(
  plan: Plan,
  named: number | null,
  target: Target,
  watch: Watch,
  abort: AbortSignal,
): Promise<number> {
  const untilUs = watch.clock.nowUs() + plan.readyTimeoutMs * 1000;
  for (;;) {
    const ports = await target.listeningPorts();
    const state = await target.state();
    if (!state.running) throw await exitedFirst(plan, state, watch);
    if (named !== null && (ports === null || ports.includes(named))) return named;
    if (ports === null) throw await unreadable(plan, target, watch, abort);
    if (named === null && ports.length > 0) return await theOnlyOne(ports, target, abort);
    if (watch.clock.nowUs() > untilUs) throw neverOpened(plan, ports, watch);
    await delay(POLL_MS, undefined, { signal: abort });
  }
}

/** The only port, when none has come or gone for a while. */
async function theOnlyOne(first: readonly number[], target: Target, abort: AbortSignal): Promise<number> {
  await delay(SETTLE_MS, undefined, { signal: abort });
  const ports = (await target.listeningPorts()) ?? first;
  const [port = first[0]] = ports;
  if (port !== undefined && ports.length < 2) return port;
  throw new CannotRunError(`The command listens on ${ports.join(', ')}, so it is unclear where requests go.`, {
    nextStep: `Name the port that it takes requests on, for instance \`--port ${port}\` (candidates: ${ports.join(', ')}).`,
  });
}

/** What has just ended cannot be read either, and the word of its end takes a moment. */
async function unreadable(plan: Plan, target: Target, watch: Watch, abort: AbortSignal): Promise<CannotRunError> {
  await delay(SETTLE_MS, undefined, { signal: abort });
  const state = await target.state();
  if (!state.running) return await exitedFirst(plan, state, watch);
  return new CannotRunError('The sockets of the command cannot be read, so it is unclear where requests go.', {
    nextStep: 'Name the port that it listens on, for instance `--port 3000`.',
  });
}

function neverOpened(plan: Plan, ports: readonly number[], watch: Watch): CannotRunError {
  const { readyTimeoutMs, container } = plan;
  const what = container.port === null ? 'opened no TCP port' : `did not listen on port ${container.port}`;
  const instead = ports.length === 0 ? '' : ` It listens on ${ports.join(', ')}.`;
  return new CannotRunError(`The command ${what} within ${readyTimeoutMs / 1000} s.${instead}`, {
    detail: lastLines(watch),
    nextStep: `Give it longer with \`--ready-timeout\`; what takes no requests is checked with \`--load none\`.${hintAtNetwork(plan)}`,
  });
}
