import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';

import type { RequestPlan } from '../../plan/plan.ts';
import { EndedByProxyError } from '../connect.ts';
import { type Bookkeeping, Exchange } from '../exchange.ts';
import { type Ending, ENDING } from '../ledger.ts';
import { EMPTY_MESSAGE, GRPC_HEADERS, statusOfCall } from './grpc.ts';
import type { Session } from './session.ts';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

/** A request over HTTP/2: a stream of its own on a connection. */
export class Http2Exchange extends Exchange {
  #stream: ClientHttp2Stream | null = null;
  /** When the response ended with END_STREAM; null while it has not. */
  #wholeAtUs: number | null = null;
  readonly #isGrpc: boolean;
  #httpStatus = 0;
  /** Status of a call, from its trailers, or from headers that end the stream at once. */
  #callStatus: number | null = null;

  constructor(row: number, book: Bookkeeping, isGrpc: boolean) {
    super(row, book);
    this.#isGrpc = isGrpc;
  }

  /** Sends the request as a new stream; `onClose` is called when the session is free of it. */
  start(session: Session, { path, method, headers, body }: RequestPlan, onClose: () => void): void {
    const own = this.#isGrpc ? GRPC_HEADERS : {};
    // The connection's name is what a Host header would say; HTTP/2 has no such header.
    const { host, ...rest } = lowerCased(headers);
    const authority = host === undefined ? {} : { ':authority': host };
    const payload = this.#isGrpc ? EMPTY_MESSAGE : body;
    const fields = { ...rest, ...own, ...authority, ':method': method, ':path': path };
    // Said here, because Node ends the streams of some methods (DELETE) by itself and then takes no body.
    const stream = session.http2.request(fields, { endStream: payload === null });
    this.#stream = stream;
    this.written(session.connection.number, session.connection.requests++ > 0);
    stream.on('response', (response) => this.#onResponse(response));
    stream.on('trailers', (trailers: IncomingHttpHeaders) => (this.#callStatus ??= statusOfCall(trailers)));
    stream.on('data', (chunk: Buffer) => this.took(chunk.length));
    stream.on('end', () => (this.#wholeAtUs = this.now()));
    // What went wrong is told by the code that the stream was closed with.
    stream.on('error', () => {});
    stream.once('close', () => {
      onClose();
      this.#onClose(session.leavesOut(stream.id) ? NGHTTP2_REFUSED_STREAM : stream.rstCode);
    });
    if (payload !== null) stream.end(payload);
  }

  /** There was no connection for it. */
  fail(error: Error): void {
    this.endUnsent(error instanceof EndedByProxyError ? ENDING.proxyEnded : ENDING.notConnected, error);
  }

  giveUp(ending: Ending): void {
    if (!this.isOpen) return;
    this.end(this.isSent ? ending : ENDING.notConnected, this.now());
    this.#stream?.close(NGHTTP2_CANCEL);
  }

  #onResponse(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    if (!this.isOpen) return;
    this.#httpStatus = headers[':status'] ?? 0;
    this.began(this.#httpStatus);
    if (this.#isGrpc) this.#callStatus = statusOfCall(headers);
  }

  #onClose(code: number): void {
    if (!this.isOpen) return;
    if (code === NGHTTP2_REFUSED_STREAM) return this.end(ENDING.streamRefused, this.now());
    const atUs = this.#wholeAtUs;
    const isWhole = this.hasBegun && atUs !== null && code === NGHTTP2_NO_ERROR;
    if (!isWhole) return this.end(this.hasBegun ? ENDING.cutInside : ENDING.cutBefore, this.now());
    if (!this.#isGrpc) return this.end(ENDING.answered, atUs);
    // A call without a status was cut off, whatever HTTP says; a proxy's own answer has only HTTP's.
    const status = this.#callStatus ?? (this.#httpStatus === 200 ? null : this.#httpStatus);
    if (status === null) return this.end(ENDING.cutInside, this.now());
    this.restate(status);
    this.end(ENDING.answered, atUs);
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
