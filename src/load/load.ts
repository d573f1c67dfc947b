import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { Exchange } from './exchange.ts';
import { type Lateness, LatenessCounts } from './lateness.ts';
import { ENDING, FLAG, type Ledger, NEVER } from './ledger.ts';
import { meterProcessorTime } from './processor-time.ts';
import { openTransport } from './protocol.ts';
import { createRouting, type Routing } from './routing.ts';
import { createMix, createPeriods, createTurns, dueUs } from './schedule.ts';
import { connectionLimit } from './sockets.ts';
import type { Transport } from './transport.ts';

/** At most so many requests are open at a time; what the schedule asks beyond that is a fault of the harness. */
const MAX_OPEN = 8192;
/** The timer sleeps at most so long, so that deadlines are kept to about this. */
const MAX_SLEEP_MS = 10;
/**
 * A late timer finds many requests due. So many leave in one go; then answers are taken in, whose connections the next
 * ones use. Without it a pause of the machine opens a connection a request, and their making is the next pause.
 */
const MAX_AT_ONCE = 16;

/** An open-loop load on one target: requests leave on schedule however slow the answers are. Nothing is sent again. */
export class Load {
  /** Requests that failed for the harness's own reasons, and the first reason. */
  faults = 0;
  firstFault: string | null = null;
  /** Why the last request that ended failed, in the words of whoever noticed; null where it did not, or nobody says. */
  lastError: Error | null = null;
  readonly ledger: Ledger;
  readonly #plan: LoadPlan;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #routing: Routing;
  readonly #maxOpen: number;
  readonly #open = new Set<Exchange>();
  readonly #nextIsPooled: (kind: number) => boolean;
  readonly #nextKind: () => number;
  readonly #periods: ReturnType<typeof createPeriods>;
  readonly #lateness = new LatenessCounts();
  readonly #coresUsed: () => number;
  #timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #startUs = 0;
  #rate = 0;
  #rampMs = 0;
  #scheduled = 0;
  #keepOpen = 0;
  #afterEnd: () => void = () => {};

  /** @throws CannotRunError where this machine allows too few connections, or the CA file cannot be read. */
  constructor(address: TargetAddress, plan: LoadPlan, clock: Clock, ledger: Ledger) {
    this.#plan = plan;
    // What is held and parked beside the load takes connections too.
    this.#maxOpen = Math.min(MAX_OPEN, connectionLimit(plan.park + plan.holds.length));
    this.#clock = clock;
    this.#coresUsed = meterProcessorTime(clock);
    this.ledger = ledger;
    this.#transport = openTransport(address, plan, clock, { ledger, nowUs: clock.nowUs, onEnd: this.#ended });
    this.#routing = createRouting(this.#transport);
    this.#nextIsPooled = createTurns(plan);
    this.#periods = createPeriods(plan.requests);
    this.#nextKind = createMix(plan.requests);
  }

  /** Requests that are written and not ended. */
  get inFlight(): number {
    let written = 0;
    for (const exchange of this.#open) if (exchange.isSent) written++;
    return written;
  }

  /** How long ago the youngest request in flight was written, milliseconds; Infinity where there is none. */
  get youngestMs(): number {
    let youngest = Infinity;
    const nowUs = this.#clock.nowUs();
    for (const exchange of this.#open) {
      const sentUs = this.ledger.sentUs[exchange.row] ?? NEVER;
      if (exchange.isSent) youngest = Math.min(youngest, (nowUs - sentUs) / 1000);
    }
    return youngest;
  }

  get ratePerSecond(): number {
    return this.#rate;
  }

  /** How late requests left, over everything sent so far. */
  get latenessMs(): Lateness {
    return this.#lateness.summary;
  }

  /** Processor time that this program has used since the load started, in cores. */
  get cpuCores(): number {
    return this.#coresUsed();
  }

  /** Sends one request now and tells its row. */
  send(scheduledUs = this.#clock.nowUs(), kind = this.#nextKind()): number {
    return this.#send(scheduledUs, kind, this.#nextIsPooled(kind));
  }

  /** Sends one where the routing leads it here; tells whether it did. */
  #sendRouted(scheduledUs: number, kind: number): boolean {
    const isPooled = this.#nextIsPooled(kind);
    const isRouted = this.#routing.leadsHere(isPooled);
    if (isRouted) this.#send(scheduledUs, kind, isPooled);
    return isRouted;
  }

  #send(scheduledUs: number, kind: number, isPooled: boolean): number {
    const nowUs = this.#clock.nowUs();
    const row = this.ledger.add(scheduledUs, nowUs, kind, isPooled ? FLAG.pooled : 0);
    this.#lateness.add(nowUs - scheduledUs);
    if (this.#open.size >= this.#maxOpen) this.#shed(row);
    else this.#dispatch(row, kind, isPooled);
    return row;
  }

  /** Starts the schedule now, or anew at another rate. `rampMs`: over this time the rate rises to all of itself. */
  start(ratePerSecond: number, rampMs: number): void {
    this.#rate = ratePerSecond;
    this.#rampMs = rampMs;
    this.#scheduled = 0;
    this.#startUs = this.#clock.nowUs();
    this.#periods.start(this.#startUs);
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

  /**
   * No new connection is made from now on. Requests of the schedule that would need one are left out, for they go
   * elsewhere; those over open connections go on, or stop too.
   */
  unroute(pooled: 'go' | 'stop'): void {
    this.#routing.end(pooled);
  }

  /** Sends no more. Requests in flight go on. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
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

  /** Ends a request that is still open, unanswered. */
  giveUp(row: number): void {
    for (const exchange of this.#open) if (exchange.row === row) exchange.giveUp(ENDING.deadline);
  }

  /** Waits as `settled` does; what is open then counts as cut: its connection's other side is gone. */
  async finish(waitMs: number): Promise<void> {
    await this.settled(waitMs);
    for (const exchange of this.#open) {
      exchange.giveUp(this.ledger.status[exchange.row] === 0 ? ENDING.cutBefore : ENDING.cutInside);
    }
    await this.#transport.close();
  }

  #tick = (): void => {
    const nowUs = this.#clock.nowUs();
    let left = MAX_AT_ONCE;
    for (let at = this.#dueAt(); at <= nowUs && left > 0; at = this.#dueAt()) {
      this.#scheduled++;
      left--;
      this.#sendRouted(at, this.#nextKind());
    }
    this.#timer = left === 0 ? setImmediate(this.#tick) : setTimeout(this.#tick, this.#msToNext());
    for (const { kind, atUs } of this.#periods.due(nowUs)) this.#sendRouted(atUs, kind);
    this.#expire(nowUs);
  };

  #dueAt(): number {
    return this.#startUs + Math.round(dueUs(this.#scheduled, this.#rate, this.#rampMs));
  }

  #msToNext(): number {
    const waitMs = (this.#dueAt() - this.#clock.nowUs()) / 1000;
    return Math.max(1, Math.min(MAX_SLEEP_MS, waitMs));
  }

  /** Requests leave in order and share one time limit, so the oldest open ones are the first in the set. */
  #expire(nowUs: number): void {
    const oldestUs = nowUs - this.#plan.requestTimeoutMs * 1000;
    const [first] = this.#open;
    if (first === undefined || (this.ledger.scheduledUs[first.row] ?? 0) > oldestUs) return;
    // If this timer is late, answers may have come that were not looked at yet: they are looked at first.
    setImmediate(() => {
      for (const exchange of this.#open) {
        if ((this.ledger.scheduledUs[exchange.row] ?? 0) > oldestUs) return;
        exchange.giveUp(ENDING.deadline);
      }
    });
  }

  #dispatch(row: number, kind: number, isPooled: boolean): void {
    const request = this.#plan.requests[kind];
    if (!request) throw new RangeError(`no request of kind ${kind}`);
    const { requestIdHeader } = this.#plan;
    const exchange = this.#transport.exchange(row);
    this.#open.add(exchange);
    if (requestIdHeader === null) return this.#transport.send(exchange, request, isPooled);
    const headers = { ...request.headers, [requestIdHeader]: String(row) };
    this.#transport.send(exchange, { ...request, headers }, isPooled);
  }

  #shed(row: number): void {
    this.ledger.ending[row] = ENDING.fault;
    this.ledger.endUs[row] = this.#clock.nowUs();
    const allowed = this.#maxOpen < MAX_OPEN ? ', all that `ulimit -n` allows' : '';
    this.#countFault(`more than ${this.#maxOpen} requests open at a time${allowed}`);
  }

  #countFault(reason: string): void {
    this.faults++;
    this.firstFault ??= reason;
  }

  #ended = (exchange: Exchange, why: Error | null): void => {
    this.#open.delete(exchange);
    const ending = this.ledger.ending[exchange.row];
    this.lastError = ending === ENDING.answered ? null : why;
    if (ending === ENDING.fault) this.#countFault(why?.message ?? 'no connection');
    this.#afterEnd();
    // Only answers are replaced: anything else says that the stop has begun, and that would spin.
    if (ending !== ENDING.answered) this.#keepOpen = 0;
    this.#topUp();
  };

  #topUp(): void {
    const wanted = Math.min(this.#keepOpen, this.#maxOpen);
    // Of two in turn one is for a pooled connection, where those go on.
    for (let left = 2 * (wanted - this.#open.size); left > 0 && this.#open.size < wanted; left--)
      this.#sendRouted(this.#clock.nowUs(), this.#nextKind());
  }
}
