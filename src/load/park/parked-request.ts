import { type ClientRequest, type IncomingMessage, request as createRequest } from 'node:http';
import net from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { Clock } from '../../clock.ts';
import type { TargetAddress } from '../../engines/engine.ts';
import type { RequestPlan } from '../../plan/plan.ts';
import { hostPort } from '../transport.ts';
import { headerOf, type TlsOptions } from '../tls.ts';
import { RESET_WAIT_MS } from '../connection.ts';
import { endingOf, type ParkedFacts } from './ending.ts';
import { HalfSent, type ParkMode } from './half-sent.ts';
import { Wire } from './wire.ts';

/** What is needed to park a request. */
export interface ParkContext {
  readonly address: TargetAddress;
  readonly tls: TlsOptions | null;
  readonly request: RequestPlan;
  readonly mode: ParkMode;
  readonly clock: Clock;
}

/** One request that is sent but for its last bytes, and kept so until it is finished. */
export class ParkedRequest {
  #facts: ParkedFacts;
  #isClosed = false;
  #isFinishing = false;
  /** The app never read its last bytes. */
  #isUnread = false;
  /** When the peer's FIN or reset was seen. */
  #goneAtUs: number | null = null;
  #half: HalfSent | null = null;
  #socket: net.Socket | null = null;
  readonly #context: ParkContext;
  readonly #wire = new Wire();
  readonly #request: ClientRequest;
  readonly #begun = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  /** Resolves when its first half is written, or it has ended. */
  readonly begun = this.#begun.promise;
  /** Resolves when it has ended or is closed. */
  readonly ended = this.#ended.promise;

  constructor(context: ParkContext) {
    this.#context = context;
    const openedAtUs = context.clock.nowUs();
    this.#facts = { openedAtUs, wholeAtUs: null, endedAtUs: null, status: null, ending: 'open' };
    this.#request = toWire(context, this.#wire);
    this.#request.once('response', (response) => this.#read(response)).on('error', () => this.#end(false));
    this.#request.once('finish', () => this.#connect());
    this.#request.end(context.request.body ?? undefined);
  }

  get facts(): ParkedFacts {
    return this.#facts;
  }

  get isHalfSent(): boolean {
    return this.#half !== null && !this.#isFinishing && this.#facts.ending === 'open' && !this.#isClosed;
  }

  /** Sends one byte more, where the app then still has to wait. */
  trickle(): void {
    const byte = this.isHalfSent ? this.#half?.next() : null;
    if (byte) this.#socket?.write(byte);
  }

  /** Sends the rest. */
  finish(): void {
    const isHalfSent = this.isHalfSent;
    this.#isFinishing = true;
    // One that still connects is sent in one piece once it does.
    if (isHalfSent) this.#sendRest();
  }

  /** Ends it from our side; what is open stays `open` in the facts. */
  close(): void {
    this.#isClosed = true;
    this.#tidy();
  }

  #connect(): void {
    const { address, tls, clock, mode } = this.#context;
    // Half-open, so that the rest can be sent, and a reset noticed, after the app's FIN.
    const options = { host: address.host, port: address.port, allowHalfOpen: true, noDelay: true };
    const socket = tls ? connectTls({ ...options, ...tls }) : net.connect(options);
    this.#socket = socket;
    socket.on('error', (error: Error) => this.#broken(error));
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      this.#half = new HalfSent(this.#wire.written, mode);
      socket.write(this.#half.start());
      this.#facts = { ...this.#facts, openedAtUs: clock.nowUs() };
      if (this.#isFinishing) this.#sendRest();
      this.#begun.resolve();
    });
    socket.on('data', (bytes: Buffer) => this.#wire.push(bytes)).once('end', () => this.#finished());
    if (this.#isClosed) socket.destroy();
  }

  #sendRest(): void {
    this.#facts = { ...this.#facts, wholeAtUs: this.#context.clock.nowUs() };
    this.#socket?.write(this.#half?.rest() ?? '', (failure) => {
      if (failure && this.#facts.ending === 'open') this.#facts = { ...this.#facts, wholeAtUs: null };
    });
  }

  /** A FIN came. Where an answer to the whole request is owed, a reset may follow it and tell that it was not read. */
  #finished(): void {
    this.#goneAtUs ??= this.#context.clock.nowUs();
    if (this.#facts.wholeAtUs === null || this.#hasRead()) this.#wire.push(null);
    else setTimeout(() => this.#probe(), RESET_WAIT_MS);
  }

  #probe(): void {
    // An empty line between requests is ignored by HTTP servers (RFC 9112, 2.2), so this byte harms nothing.
    this.#socket?.write('\r', (failure) => {
      this.#isUnread ||= failure != null;
      if (!this.#wire.destroyed) this.#wire.push(null);
    });
  }

  #broken(error: Error): void {
    this.#goneAtUs ??= this.#context.clock.nowUs();
    this.#isUnread ||= !this.#hasRead();
    this.#wire.destroy(error);
    // The client is silent about its connection once it has begun to read the answer, and there is nothing to read now.
    this.#end(false);
  }

  #hasRead(): boolean {
    return (this.#socket?.bytesRead ?? 0) > 0;
  }

  #read(response: IncomingMessage): void {
    this.#facts = { ...this.#facts, status: response.statusCode ?? null };
    response.resume();
    response.once('end', () => this.#end(response.complete)).once('error', () => this.#end(false));
  }

  #end(isWhole: boolean): void {
    if (this.#facts.ending !== 'open' || this.#isClosed) return;
    const nowUs = this.#context.clock.nowUs();
    const endedAtUs = isWhole ? nowUs : (this.#goneAtUs ?? nowUs);
    const ending = endingOf({
      isConnected: this.#half !== null,
      isWholeAnswer: isWhole,
      status: this.#facts.status,
      isUnread: this.#isUnread,
      sinceWholeUs: this.#facts.wholeAtUs === null ? null : endedAtUs - this.#facts.wholeAtUs,
      isProxied: this.#context.address.via === 'published-port',
    });
    this.#facts = { ...this.#facts, ending, endedAtUs };
    this.#tidy();
  }

  #tidy(): void {
    this.#socket?.destroy();
    this.#request.destroy();
    this.#begun.resolve();
    this.#ended.resolve();
  }
}

/** The plan's request, written to the wire by Node's HTTP client. Its answer's connection ends with it. */
function toWire({ address, request: { path, method, headers, body } }: ParkContext, wire: Wire): ClientRequest {
  const hasHost = headerOf(headers, 'host') !== undefined;
  return createRequest({
    path,
    method,
    headers: {
      ...(hasHost ? {} : { host: hostPort(address) }),
      ...headers,
      ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
      connection: 'close',
    },
    createConnection: () => wire,
  });
}
