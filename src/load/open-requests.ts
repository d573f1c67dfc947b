import type { Exchange } from './exchange.ts';
import { ENDING, type Ledger, NEVER } from './ledger.ts';

/** The requests of a load that have not ended, the oldest first. */
export class OpenRequests {
  readonly #ledger: Ledger;
  readonly #open = new Set<Exchange>();
  #afterEnd: () => void = () => {};

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Those that are written. */
  get inFlight(): number {
    let written = 0;
    for (const exchange of this.#open) if (exchange.isSent) written++;
    return written;
  }

  /** How long ago the youngest in flight was written, milliseconds; Infinity where there is none. */
  youngestMs(nowUs: number): number {
    let youngest = Infinity;
    for (const exchange of this.#open) {
      const sentUs = this.#ledger.sentUs[exchange.row] ?? NEVER;
      if (exchange.isSent) youngest = Math.min(youngest, (nowUs - sentUs) / 1000);
    }
    return youngest;
  }

  add(exchange: Exchange): void {
    this.#open.add(exchange);
  }

  /** It has ended. */
  remove(exchange: Exchange): void {
    this.#open.delete(exchange);
    this.#afterEnd();
  }

  /** Resolves when none is open, after `waitMs`, or on the abort. */
  async settled(waitMs: number, abort?: AbortSignal): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        abort?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      abort?.addEventListener('abort', end, { once: true });
      this.#afterEnd = () => {
        if (this.#open.size === 0) end();
      };
    });
  }

  /** Ends one that is still open, unanswered. */
  giveUp(row: number): void {
    for (const exchange of this.#open) if (exchange.row === row) exchange.giveUp(ENDING.deadline);
  }

  /** Ends all as cut: the other side of their connections is gone. */
  cutAll(): void {
    for (const exchange of this.#open) {
      exchange.giveUp(this.#ledger.status[exchange.row] === 0 ? ENDING.cutBefore : ENDING.cutInside);
    }
  }

  /** Ends those that were due before `oldestUs`: they leave in order and share one time limit, so these are the first. */
  expire(oldestUs: number): void {
    const [first] = this.#open;
    if (first === undefined || (this.#ledger.scheduledUs[first.row] ?? 0) > oldestUs) return;
    // If our timer is late, answers may have come that were not looked at yet: they are looked at first.
    setImmediate(() => {
      for (const exchange of this.#open) {
        if ((this.#ledger.scheduledUs[exchange.row] ?? 0) > oldestUs) return;
        exchange.giveUp(ENDING.deadline);
      }
    });
  }
}
