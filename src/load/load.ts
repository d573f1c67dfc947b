import type { Clock } from '../clock.ts';
import type { TargetAddress } from '../engines/engine.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { Exchange } from './exchange.ts';
import { type Lateness, LatenessCounts } from './lateness.ts';
import { ENDING, FLAG, type Ledger } from './ledger.ts';
import { meterProcessorTime } from './processor-time.ts';
import { openTransport } from './protocol.ts';
import { OpenRequests } from './open-requests.ts';
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
  readonly #open: OpenRequests;
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

  /** @throws CannotRunError where this machine allows too few connections, or the CA file cannot be read. */
  constructor(address: TargetAddress, plan: LoadPlan, clock: Clock, ledger: Ledger) {
    this.#plan = plan;
    // What is held and parked beside the load takes connections too.
    this.#maxOpen = Math.min(MAX_OPEN, connectionLimit(plan.park + plan.holds.length));
    this.#clock = clock;
    this.#coresUsed = meterProcessorTime(clock);
    this.ledger = ledger;
    this.#open = new OpenRequests(ledger);
    this.#transport = openTransport(address, plan, clock, { ledger, nowUs: clock.nowUs, onEnd: this.#ended });
    this.#routing = createRouting(this.#transport);
    this.#nextIsPooled = createTurns(plan);
    this.#periods = createPeriods(plan.requests);
    this.#nextKind = createMix(plan.requests);
  }

  /** Requests that are written and not ended. */
  get inFlight(): number {
    return this.#open.inFlight;
  }

  /** How long ago the youngest request in flight was written, milliseconds; Infinity where there is none. */
  get youngestMs(): number {
    return this.#open.youngestMs(this.#clock.nowUs());
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
    await this.#open.settled(waitMs, abort);
  }

  /** Ends a request that is still open, unanswered. */
  giveUp(row: number): void {
    this.#open.giveUp(row);
  }

  /** Waits as `settled` does; what is open then counts as cut: its connection's other side is gone. */
  async finish(waitMs: number): Promise<void> {
    await this.settled(waitMs);
    this.#open.cutAll();
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
    this.#open.expire(nowUs - this.#plan.requestTimeoutMs * 1000);
  };

  #dueAt(): number {
    return this.#startUs + Math.round(dueUs(this.#scheduled, this.#rate, this.#rampMs));
  }

  #msToNext(): number {
    const waitMs = (this.#dueAt() - this.#clock.nowUs()) / 1000;
    return Math.max(1, Math.min(MAX_SLEEP_MS, waitMs));
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
    this.#open.remove(exchange);
    const ending = this.ledger.ending[exchange.row];
    this.lastError = ending === ENDING.answered ? null : why;
    if (ending === ENDING.fault) this.#countFault(why?.message ?? 'no connection');
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
