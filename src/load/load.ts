import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import type { LoadPlan } from '../plan/plan.ts';
import { Exchange } from './exchange.ts';
import { ENDING, FLAG, type Ledger, NEVER } from './ledger.ts';
import { createMix, dueUs } from './schedule.ts';
import { Slot, type SlotContext } from './slot.ts';

/** At most so many requests are open at a time; what the schedule asks beyond that is a fault of the harness. */
const MAX_OPEN = 8192;
/** The timer sleeps at most so long, so that deadlines are kept to about this. */
const MAX_SLEEP_MS = 10;

/** An open-loop load on one target: requests leave on schedule however slow the answers are. Nothing is sent again. */
export class Load {
  faults = 0;
  firstFault: string | null = null;
  readonly ledger: Ledger;
  readonly #plan: LoadPlan;
  readonly #clock: Clock;
  readonly #context: SlotContext;
  /** Free places, the last used first, so that a kept-alive connection is used while it is warm. */
  readonly #free: Record<'fresh' | 'pooled', Slot[]> = { fresh: [], pooled: [] };
  readonly #open = new Set<Exchange>();
  readonly #sentOfKind: number[];
  readonly #nextKind: () => number;
  readonly #everySent: number[];
  #timer: NodeJS.Timeout | null = null;
  #startUs = 0;
  #rate = 0;
  #rampMs = 0;
  #scheduled = 0;
  #keepOpen = 0;
  #afterEnd: () => void = () => {};

  constructor(address: TargetAddress, plan: LoadPlan, clock: Clock, ledger: Ledger) {
    let connections = 0;
    this.#plan = plan;
    this.#clock = clock;
    this.ledger = ledger;
    this.#context = { address, nowUs: clock.nowUs, nextConnection: () => ++connections };
    this.#sentOfKind = plan.requests.map(() => 0);
    this.#everySent = plan.requests.map(() => 0);
    this.#nextKind = createMix(plan.requests);
  }

  /** Requests that are written and not ended. */
  get inFlight(): number {
    let written = 0;
    for (const { row } of this.#open) if (this.ledger.sentUs[row] !== NEVER) written++;
    return written;
  }

  /** How long ago the youngest request in flight was written, milliseconds; Infinity where there is none. */
  get youngestMs(): number {
    let youngest = Infinity;
    const nowUs = this.#clock.nowUs();
    for (const { row } of this.#open) {
      const sentUs = this.ledger.sentUs[row] ?? NEVER;
      if (sentUs !== NEVER) youngest = Math.min(youngest, (nowUs - sentUs) / 1000);
    }
    return youngest;
  }

  get ratePerSecond(): number {
    return this.#rate;
  }

  /** Sends one request now and tells its row. */
  send(scheduledUs = this.#clock.nowUs(), kind = this.#nextKind()): number {
    const pooled = this.#isPooled(kind);
    const row = this.ledger.add(scheduledUs, this.#clock.nowUs(), kind, pooled ? FLAG.pooled : 0);
    if (this.#open.size >= MAX_OPEN) this.#shed(row);
    else this.#dispatch(row, kind, pooled);
    return row;
  }

  /** Starts the schedule now, or anew at another rate. `rampMs`: over this time the rate rises to all of itself. */
  start(ratePerSecond: number, rampMs: number): void {
    this.#rate = ratePerSecond;
    this.#rampMs = rampMs;
    this.#scheduled = 0;
    this.#everySent.fill(0);
    this.#startUs = this.#clock.nowUs();
    if (this.#timer === null) this.#tick();
  }

  /**
   * Keeps at least so many requests open beside the schedule, by sending one whenever fewer are: never a queue, since
   * it only replaces what was answered. 0 ends it, and so does the first request that is not.
   */
  keepOpen(count: number): void {
    this.#keepOpen = count;
    this.#topUp();
  }

  /** Sends no more. Requests in flight go on. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#rate = 0;
    this.#keepOpen = 0;
  }

  /** Resolves when nothing is in flight, after `waitMs`, or on the abort. */
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

  /** Waits as `settled` does; what is open then counts as cut: its connection's other side is gone. */
  async finish(waitMs: number): Promise<void> {
    await this.settled(waitMs);
    for (const exchange of this.#open) {
      exchange.giveUp(this.ledger.status[exchange.row] === 0 ? ENDING.cutBefore : ENDING.cutInside);
    }
    const slots = [...this.#free.fresh, ...this.#free.pooled];
    await Promise.all(slots.map((slot) => slot.client.destroy()));
  }

  #tick = (): void => {
    this.#timer = setTimeout(this.#tick, this.#msToNext());
    const nowUs = this.#clock.nowUs();
    for (let at = this.#dueAt(); at <= nowUs; at = this.#dueAt()) {
      this.#scheduled++;
      this.send(at);
    }
    this.#sendPeriodic(nowUs);
    this.#expire(nowUs);
  };

  #dueAt(): number {
    return this.#startUs + Math.round(dueUs(this.#scheduled, this.#rate, this.#rampMs));
  }

  #msToNext(): number {
    const waitMs = (this.#dueAt() - this.#clock.nowUs()) / 1000;
    return Math.max(1, Math.min(MAX_SLEEP_MS, waitMs));
  }

  #sendPeriodic(nowUs: number): void {
    this.#plan.requests.forEach((request, kind) => {
      if (request.everyMs === null) return;
      const at = this.#startUs + (this.#everySent[kind] ?? 0) * request.everyMs * 1000;
      if (at > nowUs) return;
      this.#everySent[kind] = (this.#everySent[kind] ?? 0) + 1;
      this.send(at, kind);
    });
  }

  /** Requests leave in order and share one time limit, so the oldest open ones are the first in the set. */
  #expire(nowUs: number): void {
    const oldestUs = nowUs - this.#plan.requestTimeoutMs * 1000;
    for (const exchange of this.#open) {
      if ((this.ledger.scheduledUs[exchange.row] ?? 0) > oldestUs) return;
      exchange.giveUp(ENDING.deadline);
    }
  }

  /** Kinds take turns on their own, so that a mix does not tie one kind to one sort of connection. */
  #isPooled(kind: number): boolean {
    const nth = this.#sentOfKind[kind] ?? 0;
    this.#sentOfKind[kind] = nth + 1;
    if (this.#plan.connections === 'both') return nth % 2 === 1;
    return this.#plan.connections === 'pooled';
  }

  #dispatch(row: number, kind: number, pooled: boolean): void {
    const request = this.#plan.requests[kind];
    if (!request) throw new RangeError(`no request of kind ${kind}`);
    const slot = this.#free[pooled ? 'pooled' : 'fresh'].pop() ?? new Slot(this.#context);
    const exchange = new Exchange(row, this.ledger, slot, this.#clock.nowUs, this.#ended);
    this.#open.add(exchange);
    const { path, method, headers, body } = request;
    const { requestIdHeader } = this.#plan;
    const named = requestIdHeader === null ? headers : { ...headers, [requestIdHeader]: String(row) };
    slot.client.dispatch({ path, method, headers: named, body, reset: !pooled }, exchange);
  }

  #shed(row: number): void {
    this.ledger.ending[row] = ENDING.fault;
    this.ledger.endUs[row] = this.#clock.nowUs();
    this.#countFault(`more than ${MAX_OPEN} requests open at a time`);
  }

  #countFault(reason: string): void {
    this.faults++;
    this.firstFault ??= reason;
  }

  #ended = (exchange: Exchange, fault: Error | null): void => {
    this.#open.delete(exchange);
    if (fault) this.#countFault(fault.message);
    const { slot, row } = exchange;
    if (!slot.client.destroyed) this.#free[this.#isRowPooled(row) ? 'pooled' : 'fresh'].push(slot);
    this.#afterEnd();
    // Only answers are replaced: anything else says that the stop has begun, and that would spin.
    if (this.ledger.ending[row] !== ENDING.answered) this.#keepOpen = 0;
    this.#topUp();
  };

  #isRowPooled(row: number): boolean {
    return ((this.ledger.flags[row] ?? 0) & FLAG.pooled) !== 0;
  }

  #topUp(): void {
    while (this.#open.size < this.#keepOpen) this.send();
  }
}
