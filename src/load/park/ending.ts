import { PROXY_ROUND_TRIP_US } from '../proxy.ts';

/** What was seen of one parked request. Times are microseconds of the run's clock. */
export interface ParkedFacts {
  /** When its first half was written; of one that never connected: when that was tried. */
  readonly openedAtUs: number;
  /** When its last byte was written; null where it never was. */
  readonly wholeAtUs: number | null;
  readonly endedAtUs: number | null;
  /** Of the response, where its head came. */
  readonly status: number | null;
  /**
   * `answered`: a whole response came (before the request was whole: with a status below 400). `cut`: the app had the
   * whole request, and the connection ended without a whole response. `closedUnfinished`: the app turned it away or
   * ended the connection before it had the whole of it. `refused`: it never connected. `open`: none of these yet.
   */
  readonly ending: 'answered' | 'closedUnfinished' | 'cut' | 'refused' | 'open';
}

/** What decides how a parked request ended. */
export interface End {
  readonly isConnected: boolean;
  /** The whole of a response came. */
  readonly isWholeAnswer: boolean;
  readonly status: number | null;
  /** A reset told that the app never read the last bytes. */
  readonly isUnread: boolean;
  /** From the writing of the last byte to the end; null where it was not written. */
  readonly sinceWholeUs: number | null;
  /** The engine's proxy stands between. */
  readonly isProxied: boolean;
}

/** From here on an early answer says that the app did not want the rest. */
const FIRST_ERROR_STATUS = 400;

/** How it ended. In doubt the app did not have the whole request, and is not to blame for it. */
export function endingOf(end: End): Exclude<ParkedFacts['ending'], 'open'> {
  const { isConnected, isWholeAnswer, status, isUnread, sinceWholeUs, isProxied } = end;
  if (!isConnected) return 'refused';
  if (isWholeAnswer && (sinceWholeUs !== null || (status ?? 0) < FIRST_ERROR_STATUS)) return 'answered';
  if (sinceWholeUs === null) return 'closedUnfinished';
  // A proxy turns resets into FINs, so an end so soon after the last byte may have been on its way before it.
  const mayBeUnread = isUnread || (isProxied && sinceWholeUs <= PROXY_ROUND_TRIP_US);
  return status === null && mayBeUnread ? 'closedUnfinished' : 'cut';
}
