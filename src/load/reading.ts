import { FLAG, type Ledger, NEVER } from './ledger.ts';
import { lastAnsweredUs } from './only-cuts.ts';

/**
 * Whether the app had read a request that was lost. `lingering`: a FIN within a round trip on a kept-alive connection,
 * by an app that had read it, or by one that was closing in two steps and dropped it.
 */
export type Reading = 'read' | 'unread' | 'lingering' | 'unknown';

/** What else is known of the run. Times are microseconds of the ledger's clock. */
export interface Circumstances {
  readonly t0Us: number;
  /** A connection that ended within this of the writing may have been ending already. */
  readonly roundTripUs: number;
  /** Whether what ended then ended with the target's process. */
  readonly isProcessEnd: (endUs: number) => boolean;
  /** Whether the target's process is known to have lived on after that. */
  readonly livedOn: (endUs: number) => boolean;
  /** Whether a fresh connection that ended then may have waited for its acceptance when the listener closed. */
  readonly isListenerEnd: (endUs: number) => boolean;
  /** Whether the listener was still open then, or only just closed. */
  readonly wasListening: (us: number) => boolean;
}

/** The kernel, the network and two event loops take less than this on top of what an app takes. */
const TRANSPORT_US = 5000;
/** So many answers before an ending show how long requests wait at that time; fewer than the least show nothing. */
const RECENT_ANSWERS = 20;
const LEAST_ANSWERS = 5;
/** Where requests wait longer than this part of what the fastest answer takes, they queue, and the queue may grow. */
const QUEUE_SHARE = 0.5;

/**
 * Tells of a lost request whether the app had read it. The two bits of the ledger are what was seen of the connection's
 * end: `FLAG.fin` a FIN, `FLAG.reset` a reset, both a reset that followed a FIN.
 *
 * - A FIN alone: the app read what there was, and closed.
 * - A reset that followed a FIN: the app had closed before the request came.
 * - A reset alone comes from the kernel where a connection is closed with something unread in it: because the process
 *   ended, because the listener closed with it still in its queue, or because a kept-alive connection was closed at that
 *   moment. But an app that lives on may also reset what it has read. That shows where the request is older than any
 *   wait before the reading, or where nothing else explains the reset; and of an app that does so once, no reset tells
 *   anything any more.
 */
export function createReading(ledger: Ledger, circumstances: Circumstances): (row: number) => Reading {
  const { roundTripUs, isProcessEnd, livedOn, isListenerEnd } = circumstances;
  const has = (row: number, flag: number): boolean => ((ledger.flags[row] ?? 0) & flag) !== 0;
  const endUs = (row: number): number => ledger.endUs[row] ?? 0;
  const isPlainReset = (row: number): boolean => has(row, FLAG.reset) && !has(row, FLAG.fin);
  const isExplained = (row: number): boolean =>
    has(row, FLAG.reused) || isProcessEnd(endUs(row)) || isListenerEnd(endUs(row));
  const plainResets = rowsWhere(ledger, isPlainReset);
  const isOverdue = plainResets.length === 0 ? () => false : createOverdue(ledger, circumstances);
  const resetsByItself = plainResets.some((row) => isOverdue(row) || !isExplained(row));

  return (row) => {
    if (isPlainReset(row)) return isOverdue(row) ? 'read' : resetsByItself ? 'unknown' : 'unread';
    if (has(row, FLAG.reset)) return 'unread';
    if (!has(row, FLAG.fin)) return 'unknown';
    const isAtOnce = endUs(row) - (ledger.sentUs[row] ?? 0) <= roundTripUs;
    return isAtOnce && has(row, FLAG.reused) && livedOn(endUs(row)) ? 'lingering' : 'read';
  };
}

/**
 * Whether a request that a living app ended is older than requests wait before they are read. That wait is at most what
 * the slowest of the last answers took longer than the fastest of all. An app that stalls reads nothing meanwhile and may
 * close connections first of all when it goes on, so after that wait it must have answered somebody, and not only just
 * before the end. From T0 on a queue may grow with all that an app does at its end, so there it must have none. And an
 * app may stop accepting without closing its listener (gunicorn, whose workers all have it, closes it with the last of
 * them): until then all that come wait in vain, while it answers those that it had before.
 */
function createOverdue(ledger: Ledger, { t0Us, isProcessEnd, wasListening }: Circumstances): (row: number) => boolean {
  const answersOf = answersByKind(ledger);
  const acceptedUntilUs = lastAnsweredUs(ledger, t0Us);
  const maybeNotAccepted = (row: number): boolean =>
    ((ledger.flags[row] ?? 0) & FLAG.reused) === 0 &&
    (ledger.sentUs[row] ?? 0) > acceptedUntilUs - TRANSPORT_US &&
    wasListening(ledger.endUs[row] ?? 0);
  return (row) => {
    if (maybeNotAccepted(row)) return false;
    const endUs = ledger.endUs[row] ?? 0;
    const { firstByteUs, tookUs, fastestUs } = answersOf[ledger.kind[row] ?? 0] ?? NO_ANSWERS;
    const before = firstFrom(firstByteUs, endUs - TRANSPORT_US);
    if (before < LEAST_ANSWERS || isProcessEnd(endUs)) return false;
    const waitUs = Math.max(...tookUs.subarray(Math.max(0, before - RECENT_ANSWERS), before)) - fastestUs;
    const queues = endUs >= t0Us && waitUs > fastestUs * QUEUE_SHARE;
    const readByUs = (ledger.sentUs[row] ?? NEVER) + waitUs + TRANSPORT_US;
    return !queues && (firstByteUs[before - 1] ?? 0) >= readByUs;
  };
}

/** Answers of a kind of request in the order in which they came. */
interface Answers {
  readonly firstByteUs: Uint32Array;
  /** From the writing to the first byte, of the same answers. */
  readonly tookUs: Uint32Array;
  readonly fastestUs: number;
}

const NO_ANSWERS: Answers = { firstByteUs: new Uint32Array(), tookUs: new Uint32Array(), fastestUs: 0 };

function answersByKind(ledger: Ledger): readonly Answers[] {
  const answered: number[][] = [];
  const firstByteUs = (row: number): number => ledger.firstByteUs[row] ?? NEVER;
  for (const row of rowsWhere(ledger, (one) => firstByteUs(one) !== NEVER))
    (answered[ledger.kind[row] ?? 0] ??= []).push(row);
  return Array.from(answered, (ofKind: number[] | undefined) => {
    if (ofKind === undefined) return NO_ANSWERS;
    ofKind.sort((a, b) => firstByteUs(a) - firstByteUs(b));
    const tookUs = Uint32Array.from(ofKind, (row) => firstByteUs(row) - (ledger.sentUs[row] ?? 0));
    return {
      firstByteUs: Uint32Array.from(ofKind, firstByteUs),
      tookUs,
      fastestUs: tookUs.reduce((least, took) => Math.min(least, took), NEVER),
    };
  });
}

/** Index of the first of sorted values that is at least `from`; their number where there is none. */
function firstFrom(sorted: Uint32Array, from: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowsWhere({ length }: Ledger, is: (row: number) => boolean): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (is(row)) rows.push(row);
  return rows;
}
