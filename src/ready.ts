import { setTimeout as delay } from 'node:timers/promises';

import { Agent, request } from 'undici';

import type { Target, TargetAddress, TargetState } from './engines/engine.ts';
import { CannotRunError, messageOf } from './errors.ts';
import { hostPort } from './load/slot.ts';
import type { Plan } from './plan/plan.ts';
import type { Watch } from './witness/watch.ts';

const POLL_MS = 50;
/** An attempt gets this long at first, and twice as long after each that got no answer: some apps are slow. */
const FIRST_ATTEMPT_MS = 2000;
const NO_ANSWER = 'no answer within';
const SHOWN_LOG_LINES = 15;
/** An exited target's last lines are waited for so long. */
const LAST_LINES_MS = 1000;

/**
 * Waits until the target answers its ready path below 500 and, where its image has a health check, is healthy.
 *
 * @throws CannotRunError when the target exits first or the time is up, with its last log lines.
 */
export async function becomeReady(
  target: Target,
  address: TargetAddress,
  plan: Plan,
  hasHealthcheck: boolean,
  watch: Watch,
  abort: AbortSignal,
): Promise<void> {
  const untilUs = watch.clock.nowUs() + plan.readyTimeoutMs * 1000;
  const agent = new Agent({ pipelining: 0 });
  let last = 'nothing was tried';
  let attemptMs = FIRST_ATTEMPT_MS;
  try {
    for (;;) {
      const state = await target.state();
      if (!state.running) throw await exitedFirst(state, watch);
      last =
        (await notReadyBecause(agent, address, plan, attemptMs, abort)) ??
        notHealthyBecause(state, hasHealthcheck) ??
        '';
      if (last === '') return;
      if (watch.clock.nowUs() > untilUs) throw neverReady(plan, last, watch);
      if (last.includes(NO_ANSWER)) attemptMs *= 2;
      await delay(POLL_MS, undefined, { signal: abort });
    }
  } finally {
    await agent.destroy();
  }
}

/** The target ended before it was told to. Its last lines may come a little later than that. */
export async function exitedFirst(state: TargetState, watch: Watch): Promise<CannotRunError> {
  await Promise.race([watch.logsEnded, delay(LAST_LINES_MS)]);
  const why = state.oomKilled ? ', killed for want of memory' : '';
  const error = state.error === '' ? '' : ` ${state.error}`;
  return new CannotRunError(`The container exited before it was stopped: exit code ${state.exitCode}${why}.${error}`, {
    detail: lastLines(watch),
    nextStep:
      'Start it with `docker run` to see why; `--env`, `--volume`, `--network` and a command after `--` are passed on.',
  });
}

function neverReady(plan: Plan, last: string, watch: Watch): CannotRunError {
  return new CannotRunError(`The container was not ready within ${plan.readyTimeoutMs / 1000} s: ${last}.`, {
    detail: lastLines(watch),
    nextStep: 'Check `--port` and `--ready-path`, or give it longer with `--ready-timeout`.',
  });
}

function lastLines(watch: Watch): readonly string[] {
  const lines = watch.tail(SHOWN_LOG_LINES);
  return lines.length === 0 ? ['It wrote nothing to its log.'] : ['Its last log lines:', ...lines];
}

async function notReadyBecause(
  agent: Agent,
  address: TargetAddress,
  plan: Plan,
  attemptMs: number,
  abort: AbortSignal,
): Promise<string | null> {
  const url = `http://${hostPort(address)}${plan.readyPath}`;
  const { headers = {} } = plan.load.requests[0] ?? {};
  try {
    const signal = AbortSignal.any([abort, AbortSignal.timeout(attemptMs)]);
    const response = await request(url, { dispatcher: agent, headers, signal });
    await response.body.dump();
    return response.statusCode < 500 ? null : `${plan.readyPath} answers ${response.statusCode}`;
  } catch (error) {
    abort.throwIfAborted();
    const isSlow = error instanceof Error && error.name === 'TimeoutError';
    return `${url}: ${isSlow ? `${NO_ANSWER} ${attemptMs / 1000} s` : messageOf(error)}`;
  }
}

function notHealthyBecause(state: TargetState, hasHealthcheck: boolean): string | null {
  if (!hasHealthcheck || state.health === 'healthy' || state.health === null) return null;
  const output = state.healthOutput.trim();
  return `its health check says ${state.health}${output === '' ? '' : ` (${output})`}`;
}
