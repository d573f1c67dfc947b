import { setTimeout as delay } from 'node:timers/promises';

import type { Target, TargetAddress, TargetState } from './engines/engine.ts';
import { CannotRunError } from './errors.ts';
import { within } from './load/within.ts';
import type { LoadPlan, Plan } from './plan/plan.ts';
import { targetNoun } from './plan/terms.ts';
import { isSilent, openProbe } from './probe.ts';
import { notHereLines } from './report/not-here.ts';
import type { Watch } from './witness/watch.ts';

const POLL_MS = 50;
/** An attempt gets this long at first, and twice as long after each that got no answer: some apps are slow. */
const FIRST_ATTEMPT_MS = 2000;
/** As many as Node writes of an error that nothing catches, whose first line says what it is. */
const SHOWN_LOG_LINES = 25;
/** An exited target's last lines are waited for so long. */
const LAST_LINES_MS = 1000;

/**
 * Waits until the target answers its ready path below 500, as the load would ask it, and, where its image has a health
 * check, is healthy. One that is sent nothing (`address` null) is ready when it is healthy; without a health check, when
 * its log tells of the first job; where no jobs are watched for either, at once.
 *
 * @throws CannotRunError when the target exits first, can never be spoken to as the plan says, or the time is up, with
 *   its last log lines.
 */
export async function becomeReady(
  target: Target,
  address: TargetAddress | null,
  plan: Plan,
  hasHealthcheck: boolean,
  watch: Watch,
  abort: AbortSignal,
): Promise<void> {
  assertJobsShow(target, plan);
  const untilUs = watch.clock.nowUs() + plan.readyTimeoutMs * 1000;
  await using probe = address && openProbe(address, plan, watch.clock);
  let attemptMs = FIRST_ATTEMPT_MS;
  for (;;) {
    const state = await target.state();
    if (!state.running) throw await exitedFirst(plan, state, watch);
    const unheard = probe ? await probe.ask(attemptMs, abort) : hasHealthcheck ? null : noJobBecause(plan, watch);
    const last = unheard ?? notHealthyBecause(state, hasHealthcheck);
    if (last === null) return;
    if (watch.clock.nowUs() > untilUs) throw neverReady(plan, last, watch);
    if (isSilent(last)) attemptMs *= 2;
    await delay(POLL_MS, undefined, { signal: abort });
  }
}

function assertJobsShow({ attached }: Target, { jobs }: Plan): void {
  const because = attached?.withoutLogBecause ?? null;
  if (jobs === null || because === null) return;
  throw new CannotRunError(`--job-start and --job-end are for its log, and the engine cannot read that: ${because}.`, {
    nextStep: 'Start the container with another log driver, such as `docker run --log-driver local`.',
  });
}

function noJobBecause({ jobs }: Plan, watch: Watch): string | null {
  return jobs === null || watch.jobs.lines.length > 0 ? null : `no line of its log matches --job-start '${jobs.start}'`;
}

/** The target ended before it was told to. Its last lines may come a little later than that. */
export async function exitedFirst(plan: Plan, state: TargetState, watch: Watch): Promise<CannotRunError> {
  await within(LAST_LINES_MS, watch.logsEnded);
  const why = state.oomKilled ? ', killed for want of memory' : '';
  const error = state.error === '' ? '' : ` ${state.error}`;
  const again = state.startedAgain ? ' Its restart policy has started it again.' : '';
  const noun = targetNoun(plan);
  return new CannotRunError(
    `The ${noun} exited before it was stopped: exit code ${state.exitCode}${why}.${error}${again}`,
    {
      detail: [...notHereLines(plan), ...lastLines(watch, plan.image.kind === 'container')],
      nextStep: howToSeeMore(plan, state, watch),
    },
  );
}

function howToSeeMore(plan: Plan, { exitCode }: TargetState, watch: Watch): string {
  const { kind, reference } = plan.image;
  if (kind === 'container') return `\`docker logs ${reference}\` shows what it wrote before; nothing was done to it.`;
  return kind === 'command' ? startByHand(plan, exitCode, watch) : START_CONTAINER;
}

const START_CONTAINER =
  'Start it with `docker run` to see why; `--env`, `--volume`, `--network` and a command after `--` are passed on.';

function startByHand(plan: Plan, exitCode: number | null, watch: Watch): string {
  const start = `Start \`${plan.image.reference}\` by itself to see more.`;
  return [exitCode === 0 ? STAYS : '', isPortTaken(plan, watch) ? PORT_TAKEN : '', start]
    .filter(Boolean)
    .join(' ')
    .concat(hintAtNetwork(plan));
}

/** What exits content before it is told to has put itself into the background, or came to the end of its input, mostly. */
const STAYS =
  'As in a container, it has to stay in the foreground, for with its first process all others end, and its standard input is empty.';
const PORT_TAKEN =
  "Its port is taken on this machine's network: stop what has it, or give the command another one (perhaps with `--env PORT=3001`).";

function isPortTaken({ container }: Plan, watch: Watch): boolean {
  const isTaken = watch.tail(SHOWN_LOG_LINES).some((line) => /EADDRINUSE|address already in use/i.test(line));
  return container.network === 'host' && isTaken;
}

/** A command that reaches for a database or a queue does not find it in a network of its own. */
export function hintAtNetwork({ image, container }: Plan): string {
  return image.kind === 'command' && container.network === 'own'
    ? " If it needs this machine's network, add `--network host`."
    : '';
}

function neverReady(plan: Plan, last: string, watch: Watch): CannotRunError {
  const hints = hintAt(plan.load, last) + hintAtNetwork(plan);
  return new CannotRunError(`The ${targetNoun(plan)} was not ready within ${plan.readyTimeoutMs / 1000} s: ${last}.`, {
    detail: [...notHereLines(plan), ...lastLines(watch, plan.image.kind === 'container')],
    nextStep: `${whatToCheck(plan)}, or give it longer with \`--ready-timeout\`.${hints}`,
  });
}

function whatToCheck({ load, jobs, readyPort }: Plan): string {
  if (load.kind === 'requests')
    return `Check ${readyPort === null ? '`--port`' : '`--ready-port`'} and \`--ready-path\``;
  return jobs === null ? 'See what its health check asks' : 'Check the pattern against the lines that it writes';
}

/** A connection that is made and ended at once is what a TLS server does to a client that speaks in the clear. */
function hintAt({ tls, protocol }: LoadPlan, last: string): string {
  if (protocol === 'grpc' && last.includes('too early')) return ' If it does not speak gRPC, leave `--grpc` out.';
  if (protocol === 'http1' && last.includes('does not match the HTTP/1.1 protocol'))
    return ' If it speaks HTTP/2, add `--http2`.';
  return tls === null && /closed|hang up|ECONNRESET/.test(last) ? ' If it speaks TLS, add `--https`.' : '';
}

/** The end of its log, for the detail of an error. */
export function lastLines(watch: Watch, isAttached = false): readonly string[] {
  const lines = watch.tail(SHOWN_LOG_LINES);
  return lines.length === 0
    ? [`It wrote nothing to its log${isAttached ? ' since it was attached to' : ''}.`]
    : ['Its last log lines:', ...lines];
}

/** Why its health check keeps it from being ready; null where that does not. */
export function notHealthyBecause(state: TargetState, hasHealthcheck: boolean): string | null {
  if (!hasHealthcheck || state.health === 'healthy' || state.health === null) return null;
  const output = state.healthOutput.trim();
  return `its health check says ${state.health}${output === '' ? '' : ` (${output})`}`;
}
