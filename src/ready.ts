import { setTimeout as delay } from 'node:timers/promises';

import type { Target, TargetAddress, TargetState } from './engines/engine.ts';
import { CannotRunError } from './errors.ts';
import { ENDING, Ledger } from './load/ledger.ts';
import { Load } from './load/load.ts';
import { hostPort } from './load/transport.ts';
import { wontEverSpeak } from './load/wont-speak.ts';
import type { LoadPlan, Plan } from './plan/plan.ts';
import type { Watch } from './witness/watch.ts';

const POLL_MS = 50;
/** An attempt gets this long at first, and twice as long after each that got no answer: some apps are slow. */
const FIRST_ATTEMPT_MS = 2000;
const NO_ANSWER = 'no answer within';
const SHOWN_LOG_LINES = 15;
/** An exited target's last lines are waited for so long. */
const LAST_LINES_MS = 1000;

/**
 * Waits until the target answers its ready path below 500, as the load would ask it, and, where its image has a health
 * check, is healthy.
 *
 * @throws CannotRunError when the target exits first, can never be spoken to as the plan says, or the time is up, with
 *   its last log lines.
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
  const probe = new Load(address, readyLoad(plan), watch.clock, new Ledger());
  let attemptMs = FIRST_ATTEMPT_MS;
  try {
    for (;;) {
      const state = await target.state();
      if (!state.running) throw await exitedFirst(state, watch);
      const last =
        (await notReadyBecause(probe, address, plan, attemptMs, abort)) ?? notHealthyBecause(state, hasHealthcheck);
      if (last === null) return;
      if (watch.clock.nowUs() > untilUs) throw neverReady(plan, last, watch);
      if (last.includes(NO_ANSWER)) attemptMs *= 2;
      await delay(POLL_MS, undefined, { signal: abort });
    }
  } finally {
    await probe.finish(0);
  }
}

/** One request at a time, for the ready path, on a connection of its own. */
function readyLoad({ load, readyPath }: Plan): LoadPlan {
  const [first] = load.requests;
  const method = load.protocol === 'grpc' ? 'POST' : 'GET';
  const request = { path: readyPath, method, headers: first?.headers ?? {}, body: null, share: 1, everyMs: null };
  // Its rows are not in the ledger that is kept, so it names none.
  return { ...load, requests: [request], connections: 'fresh', requestIdHeader: null };
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
    nextStep: `Check \`--port\` and \`--ready-path\`, or give it longer with \`--ready-timeout\`.${hintAt(plan.load, last)}`,
  });
}

/** A connection that is made and ended at once is what a TLS server does to a client that speaks in the clear. */
function hintAt({ tls, protocol }: LoadPlan, last: string): string {
  if (protocol === 'grpc' && last.includes('too early')) return ' If it does not speak gRPC, leave `--grpc` out.';
  return tls === null && /closed|hang up|ECONNRESET/.test(last) ? ' If it speaks TLS, add `--https`.' : '';
}

function lastLines(watch: Watch): readonly string[] {
  const lines = watch.tail(SHOWN_LOG_LINES);
  return lines.length === 0 ? ['It wrote nothing to its log.'] : ['Its last log lines:', ...lines];
}

async function notReadyBecause(
  probe: Load,
  address: TargetAddress,
  plan: Plan,
  attemptMs: number,
  abort: AbortSignal,
): Promise<string | null> {
  const row = probe.send();
  await probe.settled(attemptMs, abort);
  abort.throwIfAborted();
  const { ledger, lastError } = probe;
  const url = `${plan.load.tls === null ? 'http' : 'https'}://${hostPort(address)}${plan.readyPath}`;
  if (ledger.ending[row] === ENDING.open) {
    probe.giveUp(row);
    return `${url}: ${NO_ANSWER} ${attemptMs / 1000} s`;
  }
  const status = ledger.status[row] ?? 0;
  const hopeless = wontEverSpeak(lastError, status, plan.load);
  if (hopeless) throw hopeless;
  if (ledger.ending[row] !== ENDING.answered) return `${url}: ${lastError?.message ?? 'its answer ended too early'}`;
  return status < 500 ? null : `${plan.readyPath} answers ${status}`;
}

function notHealthyBecause(state: TargetState, hasHealthcheck: boolean): string | null {
  if (!hasHealthcheck || state.health === 'healthy' || state.health === null) return null;
  const output = state.healthOutput.trim();
  return `its health check says ${state.health}${output === '' ? '' : ` (${output})`}`;
}
