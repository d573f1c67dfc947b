import type { Clock } from './clock.ts';
import type { TargetAddress } from './engines/engine.ts';
import { ENDING, Ledger } from './load/ledger.ts';
import { Load } from './load/load.ts';
import { hostPort } from './load/transport.ts';
import { wontEverSpeak } from './load/wont-speak.ts';
import type { LoadPlan, Plan } from './plan/plan.ts';

const NO_ANSWER = 'no answer within';
const ANSWERS = ' answers ';

/** Asks the target's ready path, one request at a time, beside whatever load there is. */
export interface Probe extends AsyncDisposable {
  /**
   * Why it is not ready, or null where it answered below 500.
   * @throws CannotRunError where it can never be spoken to as the plan says; the abort's reason.
   */
  ask(attemptMs: number, abort: AbortSignal): Promise<string | null>;
}

/** Whether it was answered, but not as one that is ready. */
export function isAnswer(notReadyBecause: string): boolean {
  return notReadyBecause.includes(ANSWERS);
}

/** Its requests are in a ledger of their own, which nobody keeps. */
export function openProbe(address: TargetAddress, plan: Plan, clock: Clock): Probe {
  const load = new Load(address, readyLoad(plan), clock, new Ledger());
  return {
    ask: (attemptMs, abort) => ask(load, address, plan, attemptMs, abort),
    [Symbol.asyncDispose]: () => load.finish(0),
  };
}

/** Whether it said nothing at all to the last question, rather than something wrong. */
export function isSilent(notReadyBecause: string): boolean {
  return notReadyBecause.includes(NO_ANSWER);
}

/** One request at a time, for the ready path, on a connection of its own. */
function readyLoad({ load, readyPath }: Plan): LoadPlan {
  const [first] = load.requests;
  const method = load.protocol === 'grpc' ? 'POST' : 'GET';
  const request = { path: readyPath, method, headers: first?.headers ?? {}, body: null, share: 1, everyMs: null };
  // Its rows are not in the ledger that is kept, so it names none.
  return { ...load, requests: [request], connections: 'fresh', requestIdHeader: null };
}

async function ask(
  load: Load,
  address: TargetAddress,
  plan: Plan,
  attemptMs: number,
  abort: AbortSignal,
): Promise<string | null> {
  const row = load.send();
  await load.settled(attemptMs, abort);
  abort.throwIfAborted();
  const { ledger, lastError } = load;
  const url = `${plan.load.tls === null ? 'http' : 'https'}://${hostPort(address)}${plan.readyPath}`;
  if (ledger.ending[row] === ENDING.open) {
    load.giveUp(row);
    return `${url}: ${NO_ANSWER} ${attemptMs / 1000} s`;
  }
  const status = ledger.status[row] ?? 0;
  const hopeless = wontEverSpeak(lastError, status, plan.load);
  if (hopeless) throw hopeless;
  if (ledger.ending[row] !== ENDING.answered) return `${url}: ${lastError?.message ?? 'its answer ended too early'}`;
  return status < 500 ? null : `${plan.readyPath}${ANSWERS}${status}`;
}
