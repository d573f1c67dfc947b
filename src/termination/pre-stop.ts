import { setTimeout as delay } from 'node:timers/promises';

import type { Dispatcher } from 'undici';

import type { Clock } from '../clock.ts';
import type { CommandEnd, Target, TargetAddress } from '../engines/engine.ts';
import { messageOf } from '../errors.ts';
import { hostPort } from '../load/transport.ts';
import type { PreStopPlan } from '../plan/plan.ts';
import { endsWithin } from '../load/within.ts';
import { exitCodeOf } from '../signals.ts';

/** How a preStop hook ended: by itself, well or not; at the end of the grace period; or with the container. */
export type PreStopEnd = 'done' | 'failed' | 'cutOff' | 'overtaken';

/** What was seen of a preStop hook. */
export interface SeenPreStop {
  readonly endedAtUs: number;
  readonly end: PreStopEnd;
  /** Why it failed, continuing "it failed: …"; null where it did not. */
  readonly because: string | null;
}

/** What a hook is run with. */
export interface HookContext {
  readonly target: Target;
  /** Where a GET goes; null for the other kinds. */
  readonly address: TargetAddress | null;
  readonly clock: Clock;
  /** Resolves when the container has ended. */
  readonly died: Promise<unknown>;
}

/** The engine's word of the container's end may come so much later than that of the hook's. */
const END_WAIT_MS = 500;
/** What shells, and with them engines, say of a program that is not there or cannot be run. */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);
/** An answer from here on says that the hook did not do its part. */
const FIRST_ERROR_STATUS = 400;

/**
 * Runs a preStop hook to its end, but for no longer than the grace period and no longer than the container lives. Nothing
 * ends what it has begun: as with the kubelet, it goes on until the container is gone.
 *
 * @throws the abort's reason.
 */
export async function runPreStop(
  plan: PreStopPlan,
  { clock, died, ...context }: HookContext,
  graceMs: number,
  abort: AbortSignal,
): Promise<SeenPreStop> {
  const over = new AbortController();
  const signal = AbortSignal.any([abort, over.signal]);
  const ended = await Promise.race([
    perform(plan, context, signal).then((one) => ('failure' in one ? orOvertaken(one, died) : one)),
    delay(graceMs, { end: 'cutOff', because: null } as const, { signal }),
    died.then(() => OVERTAKEN),
  ]).finally(() => over.abort());
  return { endedAtUs: clock.nowUs(), ...ended };
}

/** What the container's end took with it was no failure of the hook's, and the engine may tell of the hook first. */
async function orOvertaken({ failure, mayBeItsEnd }: Failure, died: Promise<unknown>): Promise<Ended> {
  const isOvertaken = mayBeItsEnd && (await endsWithin(died, END_WAIT_MS));
  return isOvertaken ? OVERTAKEN : { end: 'failed', because: failure };
}

type Ended = Pick<SeenPreStop, 'end' | 'because'>;

/** Why a hook failed, and whether the end of the container, which ends its hook, looks like that too. */
interface Failure {
  readonly failure: string;
  readonly mayBeItsEnd: boolean;
}

const DONE: Ended = { end: 'done', because: null };
const OVERTAKEN: Ended = { end: 'overtaken', because: null };

async function perform(
  plan: PreStopPlan,
  { target, address }: Pick<HookContext, 'target' | 'address'>,
  signal: AbortSignal,
): Promise<Ended | Failure> {
  switch (plan.kind) {
    case 'sleep':
      return await delay(plan.sleepMs, DONE, { signal });
    case 'exec':
      return await target.exec(plan.command, signal).then(
        (end) => judgeCommand(end),
        (error: unknown) => notEnded(error, signal),
      );
    case 'http':
      return await get(plan, address, signal).then(
        (status) => judgeStatus(status),
        (error: unknown) => notEnded(error, signal),
      );
  }
}

function judgeCommand({ exitCode, output }: CommandEnd): Ended | Failure {
  if (exitCode === 0) return DONE;
  const said = output === '' ? '' : `: ${output.split('\n').at(-1)}`;
  const failure = NOT_STARTED.has(exitCode) && output !== '' ? output : `exit code ${exitCode}${said}`;
  return { failure, mayBeItsEnd: exitCode === exitCodeOf('SIGKILL') };
}

/** The kubelet itself looks at no status; whoever wrote the hook meant it to work. */
function judgeStatus(status: number): Ended | Failure {
  return status < FIRST_ERROR_STATUS ? DONE : { failure: `it was answered ${status}`, mayBeItsEnd: false };
}

/** Nobody told how it ended. Where nobody listens, the container may well be there, and the signal is not to wait. */
function notEnded(error: unknown, signal: AbortSignal): Failure {
  signal.throwIfAborted();
  const isRefused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  return { failure: messageOf(error), mayBeItsEnd: !isRefused };
}

/** As the kubelet does: any certificate will do. Redirects are not followed. */
async function get(
  { path, headers, tls }: PreStopPlan & { kind: 'http' },
  address: TargetAddress | null,
  signal: AbortSignal,
): Promise<number> {
  if (address === null) throw new Error('there is no port to ask');
  const { Agent, request } = await import('undici');
  const dispatcher: Dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { rejectUnauthorized: false },
  });
  try {
    const url = `${tls ? 'https' : 'http'}://${hostPort(address)}${path}`;
    const answer = await request(url, { headers: { ...headers }, dispatcher, signal });
    await answer.body.dump();
    return answer.statusCode;
  } finally {
    await dispatcher.destroy();
  }
}
