import type { Dispatcher } from 'undici';

import { EndedByProxyError } from '../connect.ts';
import { type Bookkeeping, Exchange } from '../exchange.ts';
import { type Ending, ENDING, FLAG } from '../ledger.ts';
import type { ReadEvidence } from '../connection.ts';
import type { Place } from './place.ts';

/** How what was seen of a connection's end is written down. */
const FLAGS_OF: Readonly<Record<ReadEvidence, number>> = {
  read: FLAG.fin,
  unread: FLAG.reset,
  closedBefore: FLAG.fin | FLAG.reset,
  unknown: 0,
};

/** A request over HTTP/1.1, as undici tells of it. */
export class Http1Exchange extends Exchange implements Dispatcher.DispatchHandler {
  /** The place it occupies until it ends. */
  #place: Place | null = null;
  /** Bytes that the connection had read before this request. */
  #bytesBefore = 0;
  readonly #leave: (place: Place, isSound: boolean) => void;

  constructor(row: number, book: Bookkeeping, leave: (place: Place, isSound: boolean) => void) {
    super(row, book);
    this.#leave = leave;
  }

  occupy(place: Place): void {
    this.#place = place;
  }

  giveUp(ending: Ending): void {
    if (!this.isOpen) return;
    // The whole client goes: its connection still owes an answer, so nobody else may use it.
    void this.#place?.end();
    this.#endAt(this.isSent ? ending : ENDING.notConnected, this.now());
  }

  onRequestStart(): void {
    const connection = this.#place?.connection;
    if (!connection) throw new Error('a request was started without a connection');
    connection.awaitsFirstByte = true;
    this.#bytesBefore = connection.socket.bytesRead;
    this.written(connection.number, connection.requests++ > 0);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void {
    if (!this.isOpen || status < 200) return;
    if (this.#place?.connection) this.#place.connection.awaitsFirstByte = false;
    this.began(status);
    if (endsByClose(status, headers)) this.flag(FLAG.closeDelimited);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.took(chunk.length);
  }

  onResponseEnd(): void {
    this.#endAt(ENDING.answered, this.now());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.isSent) return this.#endUnsent(error);
    const connection = this.#place?.connection;
    const begun = this.hasBegun || (connection?.socket.bytesRead ?? 0) > this.#bytesBefore;
    if (!begun && connection) this.flag(FLAGS_OF[connection.readEvidence]);
    this.#endAt(begun ? ENDING.cutInside : ENDING.cutBefore, connection?.endedAtUs ?? this.now(), error);
  }

  #endUnsent(error: Error): void {
    const why = this.#place?.connectError ?? error;
    this.#vacate(false);
    this.endUnsent(why instanceof EndedByProxyError ? ENDING.proxyEnded : ENDING.notConnected, why);
  }

  #endAt(ending: Ending, atUs: number, why: Error | null = null): void {
    if (!this.isOpen) return;
    this.#vacate(ending === ENDING.answered);
    this.end(ending, atUs, why);
  }

  /** Before the end is told, so that the next request finds the place free. */
  #vacate(isSound: boolean): void {
    const place = this.#place;
    if (place === null) return;
    this.#place = null;
    if (place.connection) place.connection.awaitsFirstByte = false;
    this.#leave(place, isSound);
  }
}

/** Whether only the connection's end tells where the body ends (RFC 9112, 6.3). HEAD answers end by themselves. */
function endsByClose(status: number, headers: Readonly<Record<string, unknown>>): boolean {
  if (status === 204 || status === 304) return false;
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
