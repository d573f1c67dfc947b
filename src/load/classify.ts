import type { Observation } from '../observation.ts';
import { ENDING, FLAG, type Ledger, NEVER } from './ledger.ts';
import { exitCodeOf } from '../signals.ts';
import { expectedStatuses } from './expected-status.ts';
import { medianTookUs, shortestBodies } from './history.ts';
import { type ListenerClose, listenerClose } from './listener.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';
import { PROXY_ROUND_TRIP_US } from './proxy.ts';
import { createReading, type Reading } from './reading.ts';

/** `preStop`: ended between T0 and the signal, which are one in the docker profile. */
export type Phase = 'before' | 'preStop' | 'inFlight' | 'after';

/** Why a loss that the app never read is nobody's fault; null where it is somebody's. */
export type Race = 'keepalive' | 'backlog' | null;

/** A request as it is judged. Times are microseconds of the ledger's clock. */
export interface Judged {
  readonly row: number;
  readonly outcome: Outcome;
  readonly phase: Phase;
  readonly race: Race;
  /** It left after T0, while traffic was still routed to the target. */
  readonly routed: boolean;
  /** Lost by a server that accepted new connections only to cut them. */
  readonly takenToBeCut: boolean;
  readonly reused: boolean;
  readonly pooled: boolean;
  /** Of a lost request: whether the app had read it. */
  readonly read: 'read' | 'unread' | 'unknown';
  readonly kind: number;
  readonly scheduledUs: number;
  /** When it was written, or its connection was tried in vain: later than scheduled where the harness was late. */
  readonly leftUs: number;
  /** `NEVER` where it was not written. */
  readonly sentUs: number;
  readonly endUs: number;
}

/** A request that ended so long before the engine's word of the process's end, or so long before that end, ended with it. */
const EVENT_WINDOW_MS = 150;
const END_WINDOW_MS = 100;
/** An unread loss on a fresh connection this near to the listener's closing was waiting to be accepted. */
const BACKLOG_WINDOW_US = 100_000;
/** A request that nobody read comes back within a round trip: at most this, and far less than an answer takes. */
const ROUND_TRIP_US = 5000;
/** Methods that a client may send again by itself (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Judges every request that counts: those after the ramp, and whatever of the ramp was still open at T0. */
export function classify(
  ledger: Ledger,
  observation: Observation,
  close = listenerClose(ledger, observation.t0Us),
): readonly Judged[] {
  const lastUs = lastAnswerUs(ledger, observation);
  const known: Known = {
    isExpected: expectedStatuses(ledger, observation),
    close,
    readingOf: createReading(ledger, {
      t0Us: observation.t0Us,
      roundTripUs: roundTripUs(ledger, observation),
      isProcessEnd: (endUs) => endsWithProcess(observation, endUs),
      livedOn: (endUs) => endUs < lastUs || !endsWithProcess(observation, endUs),
      isListenerEnd: (endUs) => isListenerEnd(close, endUs),
      wasListening: (us) => close.firstRefusedUs === null || us <= close.firstRefusedUs + BACKLOG_WINDOW_US,
    }),
    shortest: shortestBodies(ledger, observation.t0Us),
  };
  const judged: Judged[] = [];
  for (let row = 0; row < ledger.length; row++) {
    const one = counts(ledger, row, observation) ? judge(ledger, row, observation, known) : null;
    if (one) judged.push(one);
  }
  return judged;
}

/**
 * Within this of the writing, a connection that ended was ending already: far less than an answer takes, and on top what
 * the harness itself may have been late in seeing it, for that is no fault of the app's.
 */
function roundTripUs(ledger: Ledger, { t0Us, harness }: Observation): number {
  const tookUs = medianTookUs(ledger, t0Us);
  const lateUs = harness.latenessMs.p99 * 1000;
  return Math.min(ROUND_TRIP_US + lateUs, tookUs * 0.75, tookUs / 4 + lateUs);
}

function counts(ledger: Ledger, row: number, { rampEndUs, t0Us }: Observation): boolean {
  return at(ledger.scheduledUs, row) >= rampEndUs || at(ledger.endUs, row) >= t0Us;
}

/** What the whole ledger says that a single row cannot. */
interface Known {
  readonly isExpected: (kind: number, status: number) => boolean;
  readonly close: ListenerClose;
  readonly readingOf: (row: number) => Reading;
  /** Bytes of the shortest whole body before T0, by kind. */
  readonly shortest: readonly number[];
}

function judge(ledger: Ledger, row: number, observation: Observation, known: Known): Judged | null {
  const kind = at(ledger.kind, row);
  const sentUs = sentOrNever(ledger, row);
  const endUs = at(ledger.endUs, row);
  const flags = at(ledger.flags, row);
  const reused = (flags & FLAG.reused) !== 0;
  const ofItself = outcomeOf(at(ledger.ending, row), at(ledger.status, row), sentUs !== NEVER, (status) =>
    known.isExpected(kind, status),
  );
  if (ofItself === null) return null;
  const isUnread = (flags & FLAG.reset) !== 0;
  const viaProxy = observation.target.address?.via === 'published-port';
  // The engine's proxy turns the app's resets into FINs, so a reset is its own: it gave the connection up before it had
  // read the request, because it found nobody to pass it on to.
  const proxyGaveUp = viaProxy && !reused && ofItself === 'lost' && isUnread;
  // The address outlives the process: behind a new connection is then somebody else, if anybody.
  const isRefused = proxyGaveUp || (!reused && isAfterTheEnd(observation, sentUs));
  const bare = isRefused ? 'refused' : ofItself;
  const takenToBeCut = bare === 'lost' && isUnread && !reused && isAfter(known.close.onlyCutsFromUs, endUs);
  const window = bare === 'lost' && !takenToBeCut && inRaceWindow(observation, kind, reused, endUs, known.close);
  const hidden = viaProxy && window && endUs - sentUs <= PROXY_ROUND_TRIP_US;
  const outcome = hidden || isCutShort(ledger, row, bare, observation.t0Us, known.shortest) ? 'ambiguous' : bare;
  const reading = outcome === 'lost' ? known.readingOf(row) : 'unknown';
  const isRace = window && !viaProxy && isUnavoidable(observation, reading, endUs);
  return {
    row,
    outcome,
    phase: phaseOf(sentUs, endUs, observation),
    routed: isRouted(at(ledger.sentUs, row), observation),
    race: isRace ? (reused ? 'keepalive' : 'backlog') : null,
    takenToBeCut,
    reused,
    pooled: (flags & FLAG.pooled) !== 0,
    // A proxy ends every connection alike, so what it shows of reading is its own.
    read: viaProxy || reading === 'lingering' ? 'unknown' : reading,
    kind,
    scheduledUs: at(ledger.scheduledUs, row),
    leftUs: at(ledger.sentUs, row),
    sentUs,
    endUs,
  };
}

/**
 * Whether a loss at that moment can befall a server that does nothing wrong. Some (apache) close in two steps: they send
 * their FIN, then read and drop what still comes, so no reset follows; Go's Shutdown may close an idle connection just
 * as it reads from it (golang/go#65802). What a SIGKILL cuts off is no race of a server that is closing.
 */
function isUnavoidable(observation: Observation, reading: Reading, endUs: number): boolean {
  if (reading === 'lingering') return true;
  const killed = observation.exit.exitCode === exitCodeOf('SIGKILL') && endsWithProcess(observation, endUs);
  return reading === 'unread' && !killed;
}

function isAfterTheEnd({ exit, t0Us }: Observation, sentUs: number): boolean {
  return sentUs !== NEVER && exit.processEndedAtMs !== null && (sentUs - t0Us) / 1000 > exit.processEndedAtMs + 1;
}

/** Whether a request that ended then ended with the target's process. */
export function endsWithProcess({ exit, t0Us }: Observation, endUs: number): boolean {
  if (exit.atMs === null) return false;
  const fromMs = exit.processEndedAtMs === null ? exit.atMs - EVENT_WINDOW_MS : exit.processEndedAtMs - END_WINDOW_MS;
  return (endUs - t0Us) / 1000 >= fromMs;
}

function inRaceWindow(
  { plan }: Observation,
  kind: number,
  reused: boolean,
  endUs: number,
  close: ListenerClose,
): boolean {
  if (!IDEMPOTENT.has(plan.load.requests[kind]?.method ?? '')) return false;
  return reused || isListenerEnd(close, endUs);
}

/** Whether a connection that ended then may have waited for its acceptance when the listener closed. */
function isListenerEnd({ lastAcceptedUs }: ListenerClose, endUs: number): boolean {
  return endUs >= lastAcceptedUs - BACKLOG_WINDOW_US;
}

function isRouted(leftUs: number, { t0Us, plan }: Observation): boolean {
  return leftUs >= t0Us && leftUs < t0Us + plan.routingLagMs * 1000;
}

/** In flight is what was written before the signal's interval ends and not finished when it begins. */
function phaseOf(sentUs: number, endUs: number, { t0Us, signalFromMs, signalByMs, plan }: Observation): Phase {
  const isPreStop = plan.profile === 'kubernetes' && endUs >= t0Us;
  if (endUs < t0Us + signalFromMs * 1000) return isPreStop ? 'preStop' : 'before';
  return sentUs !== NEVER && sentUs <= t0Us + signalByMs * 1000 ? 'inFlight' : 'after';
}

function isAfter(sinceUs: number | null, us: number): boolean {
  return sinceUs !== null && us >= sinceUs;
}

/** A body that only the connection's end delimits, and that is shorter than any of its like before, may have been cut. */
export function isCutShort(
  ledger: Ledger,
  row: number,
  outcome: Outcome,
  t0Us: number,
  shortest: readonly number[],
): boolean {
  if (outcome !== 'completed' || (at(ledger.flags, row) & FLAG.closeDelimited) === 0) return false;
  return at(ledger.endUs, row) >= t0Us && at(ledger.bytes, row) < (shortest[at(ledger.kind, row)] ?? 0);
}

function lastAnswerUs(ledger: Ledger, observation: Observation): number {
  let lastUs = 0;
  for (let row = 0; row < ledger.length; row++) {
    if (at(ledger.ending, row) !== ENDING.answered || isAfterTheEnd(observation, at(ledger.sentUs, row))) continue;
    const firstByteUs = at(ledger.firstByteUs, row);
    if (firstByteUs !== NEVER) lastUs = Math.max(lastUs, firstByteUs);
  }
  return lastUs;
}

/** When it was written to its connection; `NEVER` where it was not. */
function sentOrNever(ledger: Ledger, row: number): number {
  return ledger.has(row, FLAG.sent) ? at(ledger.sentUs, row) : NEVER;
}

/** A column's value; rows come from loops over the ledger's own length. */
function at(column: { readonly [row: number]: number }, row: number): number {
  return column[row] ?? 0;
}
