import type { Dispatcher } from 'undici';

import { EndedByProxyError } from './connection.ts';
import { type Ending, ENDING, FLAG, type Ledger, NEVER } from './ledger.ts';
import type { Slot } from './slot.ts';

/** Errors by which the machine of the harness, not the target, refuses a connection. */
const FAULT_CODES = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/**
 * One request and its answer: writes what it sees into its row of the ledger. The first ending counts; whatever undici
 * says later of the same request is its own tidying.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  #started = false;
  #bytes = 0;
  /** Bytes that the connection had read before this request. */
  #bytesBefore = 0;
  readonly row: number;
  readonly #ledger: Ledger;
  /** The place it occupies until it ends. */
  readonly slot: Slot;
  readonly #nowUs: () => number;
  readonly #onEnd: (exchange: Exchange, fault: Error | null) => void;

  constructor(
    row: number,
    ledger: Ledger,
    slot: Slot,
    nowUs: () => number,
    onEnd: (exchange: Exchange, fault: Error | null) => void,
  ) {
    this.row = row;
    this.#ledger = ledger;
    this.slot = slot;
    this.#nowUs = nowUs;
    this.#onEnd = onEnd;
  }

  get isOpen(): boolean {
    return this.#ledger.ending[this.row] === ENDING.open;
  }

  /** Ends the request from our side: its time is up, or its target is gone. */
  giveUp(ending: Ending): void {
    if (!this.isOpen) return;
    // The whole client goes: its connection still owes an answer, so nobody else may use it.
    void this.slot.client.destroy(new Error('given up'));
    this.#end(this.#started ? ending : ENDING.notConnected, this.#nowUs());
  }

  onRequestStart(): void {
    if (this.#started) throw new Error('undici started a request twice');
    this.#started = true;
    const { socket } = this.slot;
    if (socket) {
      socket.awaitsFirstByte = true;
      this.#bytesBefore = socket.bytesRead;
      this.#ledger.connection[this.row] = socket.number;
    }
    if (this.slot.requestsOnSocket++ > 0) this.#flag(FLAG.reused);
    this.#ledger.sentUs[this.row] = this.#nowUs();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void {
    if (!this.isOpen || status < 200) return;
    if (this.slot.socket) this.slot.socket.awaitsFirstByte = false;
    this.#ledger.firstByteUs[this.row] = this.#nowUs();
    this.#ledger.status[this.row] = status;
    if (endsByClose(status, headers)) this.#flag(FLAG.closeDelimited);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
  }

  onResponseEnd(): void {
    this.#end(ENDING.answered, this.#nowUs());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#started) return this.#endUnsent(error);
    const { socket } = this.slot;
    const begun = this.#ledger.firstByteUs[this.row] !== NEVER || (socket?.bytesRead ?? 0) > this.#bytesBefore;
    if (!begun && socket?.readEvidence === 'unread') this.#flag(FLAG.unread);
    if (!begun && socket?.readEvidence === 'read') this.#flag(FLAG.read);
    this.#end(begun ? ENDING.cutInside : ENDING.cutBefore, socket?.endedAtUs ?? this.#nowUs());
  }

  #endUnsent(error: Error): void {
    const cause = this.slot.connectError ?? error;
    if (FAULT_CODES.has((cause as NodeJS.ErrnoException).code ?? '')) this.#end(ENDING.fault, this.#nowUs(), cause);
    else if (cause instanceof EndedByProxyError) this.#end(ENDING.proxyEnded, this.#nowUs());
    else this.#end(ENDING.notConnected, this.#nowUs());
  }

  #end(ending: Ending, atUs: number, fault: Error | null = null): void {
    if (!this.isOpen) return;
    if (this.slot.socket) this.slot.socket.awaitsFirstByte = false;
    this.#ledger.ending[this.row] = ending;
    this.#ledger.endUs[this.row] = atUs;
    this.#ledger.bytes[this.row] = this.#bytes;
    this.#onEnd(this, fault);
  }

  #flag(bit: number): void {
    this.#ledger.flags[this.row] = (this.#ledger.flags[this.row] ?? 0) | bit;
  }
}

/** Whether only the connection's end tells where the body ends (RFC 9112, 6.3). HEAD answers end by themselves. */
function endsByClose(status: number, headers: Readonly<Record<string, unknown>>): boolean {
  if (status === 204 || status === 304) return false;
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
