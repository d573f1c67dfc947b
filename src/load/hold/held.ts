import type { Agent } from 'undici';

import type { Clock } from '../../clock.ts';
import { CannotRunError } from '../../errors.ts';
import type { HoldPlan } from '../../plan/plan.ts';

/** What was seen of one held connection. Times are microseconds of the run's clock. */
export interface HoldFacts {
  readonly kind: HoldPlan['kind'];
  readonly path: string;
  /** When the app had accepted it: the response's head was there. */
  readonly openedAtUs: number;
  /** null where it never ended while it was watched. */
  readonly endedAtUs: number | null;
  /**
   * `clean`: the stream was ended, or a close frame came that says no more than good-bye. `cut`: the connection ended in
   * any other way. `open`: it never ended while it was watched.
   */
  readonly ending: 'clean' | 'cut' | 'open';
  /** Of a WebSocket that ended: the close code, 1005 for a close frame without one, 1006 for no close frame at all. */
  readonly closeCode: number | null;
  /** False for a stream that only the connection's end delimits: a clean end of it cannot be told from a cut. */
  readonly verifiable: boolean;
  /** Events or WebSocket messages received. */
  readonly messages: number;
  readonly lastMessageAtUs: number | null;
}

/** What all held connections of a run share. */
export interface HoldContext {
  /** `host:port`, and whether TLS is spoken to it. */
  readonly host: string;
  readonly isTls: boolean;
  /** Opens a connection a hold, and never gives one up by itself. */
  readonly agent: Agent;
  /** Of the plan's first request, without those about a body. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly abort: AbortSignal;
}

/** A connection that is being held, as it is written down. The first ending counts. */
export class Held {
  #facts: HoldFacts;
  #watching = true;
  readonly #ended = Promise.withResolvers<void>();
  /** Resolves when the app has ended it. */
  readonly ended = this.#ended.promise;
  readonly #clock: Clock;
  /** Ends the connection from our side; resolves when it has ended. */
  readonly end: () => Promise<void>;

  constructor({ kind, path }: HoldPlan, verifiable: boolean, clock: Clock, end: () => Promise<void>) {
    this.#clock = clock;
    this.end = end;
    this.#facts = {
      kind,
      path,
      openedAtUs: clock.nowUs(),
      endedAtUs: null,
      ending: 'open',
      closeCode: null,
      verifiable,
      messages: 0,
      lastMessageAtUs: null,
    };
  }

  get facts(): HoldFacts {
    return this.#facts;
  }

  /** From now on nothing is written down. */
  stopWatching(): void {
    this.#watching = false;
  }

  sawMessages(count: number): void {
    if (count === 0 || !this.#watching) return;
    const messages = this.#facts.messages + count;
    this.#facts = { ...this.#facts, messages, lastMessageAtUs: this.#clock.nowUs() };
  }

  sawEnd(ending: 'clean' | 'cut', closeCode: number | null = null): void {
    if (this.#facts.ending !== 'open' || !this.#watching) return;
    this.#facts = { ...this.#facts, ending, closeCode, endedAtUs: this.#clock.nowUs() };
    this.#ended.resolve();
  }
}

/** The error for a connection that cannot be held, because of what the app did instead of accepting it. */
export function cannotHold({ kind, path }: HoldPlan, because: string, cause?: unknown): CannotRunError {
  const accepts = kind === 'sse' ? 'answers 200 with content-type text/event-stream' : 'accepts WebSockets';
  return new CannotRunError(`--hold ${kind}:${path} cannot be held open: ${because}.`, {
    nextStep: `Name a path that ${accepts}, with the headers it needs (--header), or leave this --hold out.`,
    cause,
  });
}
