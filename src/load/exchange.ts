import { type Ending, ENDING, FLAG, type Ledger, NEVER } from './ledger.ts';

/** What the exchanges of one load share. */
export interface Bookkeeping {
  readonly ledger: Ledger;
  readonly nowUs: () => number;
  /** Called once an exchange, when it has ended. */
  readonly onEnd: (exchange: Exchange, why: Error | null) => void;
}

/** Errors by which the machine of the harness, not the target, refuses a connection. */
const FAULT_CODES = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/**
 * One request and its answer: writes what it sees into its row of the ledger. The first ending counts; whatever is
 * said later of the same request is somebody's tidying.
 */
export abstract class Exchange {
  readonly row: number;
  readonly #book: Bookkeeping;
  #bytes = 0;

  constructor(row: number, book: Bookkeeping) {
    this.row = row;
    this.#book = book;
  }

  /** Ends the request from our side: its time is up, or its target is gone. */
  abstract giveUp(ending: Ending): void;

  get isOpen(): boolean {
    return this.#book.ledger.ending[this.row] === ENDING.open;
  }

  /** Whether it was written to a connection. */
  get isSent(): boolean {
    return this.#book.ledger.has(this.row, FLAG.sent);
  }

  protected get hasBegun(): boolean {
    return this.#book.ledger.firstByteUs[this.row] !== NEVER;
  }

  protected now(): number {
    return this.#book.nowUs();
  }

  /** It is written now. A second time would be a fault of ours: nothing may ever be sent again. */
  protected written(connection: number, isReused: boolean): void {
    if (this.isSent) throw new Error('a request was started twice');
    const { ledger, nowUs } = this.#book;
    ledger.connection[this.row] = connection;
    ledger.flag(this.row, isReused ? FLAG.sent | FLAG.reused : FLAG.sent);
    ledger.sentUs[this.row] = nowUs();
  }

  /** The final status has come. */
  protected began(status: number): void {
    const { ledger, nowUs } = this.#book;
    ledger.firstByteUs[this.row] = nowUs();
    ledger.status[this.row] = status;
  }

  /** What came later says more than the status that came first. */
  protected restate(status: number): void {
    this.#book.ledger.status[this.row] = status;
  }

  protected took(bytes: number): void {
    this.#bytes += bytes;
  }

  protected flag(bit: number): void {
    this.#book.ledger.flag(this.row, bit);
  }

  /** No connection could be had: the target's doing, or this machine's own. */
  protected endUnsent(ending: Ending, why: Error): void {
    const isFault = FAULT_CODES.has((why as NodeJS.ErrnoException).code ?? '');
    this.end(isFault ? ENDING.fault : ending, this.now(), why);
  }

  protected end(ending: Ending, atUs: number, why: Error | null = null): void {
    if (!this.isOpen) return;
    const { ledger, onEnd } = this.#book;
    ledger.ending[this.row] = ending;
    ledger.endUs[this.row] = atUs;
    ledger.bytes[this.row] = this.#bytes;
    onEnd(this, why);
  }
}
