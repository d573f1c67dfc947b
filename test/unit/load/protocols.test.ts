import http2, { type Http2Session, type ServerHttp2Stream } from 'node:http2';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { ENDING, FLAG } from '../../../src/load/ledger.ts';
import type { Load } from '../../../src/load/load.ts';
import { wontEverSpeak } from '../../../src/load/wont-speak.ts';
import type { LoadPlan, TlsPlan } from '../../../src/plan/plan.ts';
import { certificate, closeAll, listen, loadOn, PLAN } from './servers.ts';

const INSECURE: TlsPlan = { ca: null, insecure: true };
let folder = '';
let keyAndCert: { readonly key: string; readonly cert: string };

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'shutdown-check-test-'));
  keyAndCert = await certificate();
  await writeFile(path.join(folder, 'ca.pem'), keyAndCert.cert);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(closeAll);

/** What one request came to. */
async function one(port: number, changes: Partial<LoadPlan>) {
  const load = loadOn(port, { connections: 'fresh', ...changes });
  const row = load.send();
  await load.settled(5000);
  await load.finish(0);
  return outcome(load, row);
}

function outcome({ ledger, lastError }: Load, row: number) {
  return {
    ending: ledger.ending[row],
    status: ledger.status[row],
    bytes: ledger.bytes[row],
    sent: ledger.has(row, FLAG.sent),
    why: lastError?.message ?? null,
  };
}

/** A server that takes connections and says nothing, and the connections that it has. */
async function silent() {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    socket.resume();
  });
  return { port: await listen(server), sockets };
}

describe('over TLS', () => {
  const serve = (): Promise<number> =>
    listen(https.createServer(keyAndCert, (_request, response) => response.end('ok')));

  test('any certificate is taken where the plan says so', async () => {
    expect(await one(await serve(), { tls: INSECURE })).toMatchObject({
      ending: ENDING.answered,
      status: 200,
      bytes: 2,
    });
  });

  test('a certificate that the CA file vouches for is taken', async () => {
    const tls = { ca: path.join(folder, 'ca.pem'), insecure: false };
    expect(await one(await serve(), { tls })).toMatchObject({ ending: ENDING.answered });
  });

  test('one that nobody vouches for is refused, for good', async () => {
    const load = loadOn(await serve(), { tls: { ca: null, insecure: false } });
    const row = load.send();
    await load.settled(5000);
    expect(outcome(load, row)).toMatchObject({ ending: ENDING.notConnected, sent: false });
    expect(wontEverSpeak(load.lastError, 0, PLAN)?.nextStep).toContain('--insecure');
    await load.finish(0);
  });

  test('one for another name is refused, for good', async () => {
    const tls = { ca: path.join(folder, 'ca.pem'), insecure: false };
    const [request] = PLAN.requests;
    const load = loadOn(await serve(), { tls, requests: [{ ...request!, headers: { host: 'app.example.com' } }] });
    load.send();
    await load.settled(5000);
    expect(wontEverSpeak(load.lastError, 0, PLAN)?.nextStep).toContain('Host:');
    await load.finish(0);
  });

  test('a server that speaks in the clear is told by its answer', async () => {
    const port = await listen(net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const load = loadOn(port, { tls: INSECURE });
    load.send();
    await load.settled(5000);
    expect(wontEverSpeak(load.lastError, 0, { ...PLAN, tls: INSECURE })?.message).toContain('does not speak TLS');
    await load.finish(0);
  });

  test('a handshake that never ends is given up with the load, and leaves no connection', async () => {
    const { port, sockets } = await silent();
    const load = loadOn(port, { tls: INSECURE });
    load.send();
    await vi.waitFor(() => expect(sockets.size).toBe(1));
    await load.finish(0);
    expect(load.ledger.ending[0]).toBe(ENDING.notConnected);
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });

  test('connections are kept and used again', async () => {
    const load = loadOn(await serve(), { tls: INSECURE, connections: 'pooled' });
    for (let n = 0; n < 3; n++) {
      load.send();
      await load.settled(5000);
    }
    expect([0, 1, 2].map((row) => load.ledger.has(row, FLAG.reused))).toEqual([false, true, true]);
    await load.finish(0);
  });

  test('a request that was read and not answered ends with a FIN, one that was not read with a reset', async () => {
    const read = await listen(https.createServer(keyAndCert, (request) => request.socket.end()));
    const first = loadOn(read, { tls: INSECURE, connections: 'fresh' });
    first.send();
    await first.settled(5000);
    expect(first.ledger.ending[0]).toBe(ENDING.cutBefore);
    expect(first.ledger.has(0, FLAG.fin)).toBe(true);
    await first.finish(0);
  });
});

describe('over HTTP/2', () => {
  /** A server of streams, its sessions at hand. */
  async function serve(onStream: (stream: ServerHttp2Stream, session: Http2Session) => void): Promise<number> {
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      onStream(stream, stream.session!);
    });
    server.on('session', (session) => session.on('error', () => {}));
    return await listen(server);
  }
  const answer = (stream: ServerHttp2Stream): void => {
    stream.respond({ ':status': 200 });
    stream.end('done');
  };

  test.each(['fresh', 'pooled'] as const)('a whole answer is completed (%s)', async (connections) => {
    const port = await serve(answer);
    expect(await one(port, { protocol: 'http2', connections })).toMatchObject({
      ending: ENDING.answered,
      status: 200,
      bytes: 4,
      sent: true,
    });
  });

  test('over TLS, by ALPN', async () => {
    const server = http2.createSecureServer(keyAndCert);
    server.on('stream', answer);
    const got = await one(await listen(server), { protocol: 'http2', tls: INSECURE });
    expect(got).toMatchObject({ ending: ENDING.answered, bytes: 4 });
  });

  test('a server without HTTP/2 is told, over TLS and in the clear', async () => {
    const tlsPort = await listen(https.createServer(keyAndCert, (_request, response) => response.end('ok')));
    const port = await listen(http.createServer((_request, response) => response.end('ok')));
    for (const [at, tls] of [
      [tlsPort, INSECURE],
      [port, null],
    ] as const) {
      const load = loadOn(at, { protocol: 'http2', tls });
      const row = load.send();
      await load.settled(5000);
      expect(outcome(load, row)).toMatchObject({ ending: ENDING.notConnected, sent: false });
      const plan = { ...PLAN, protocol: 'http2', tls } as const;
      expect(wontEverSpeak(load.lastError, 0, plan)?.message).toContain('does not speak HTTP/2');
      await load.finish(0);
    }
  });

  test('pooled requests share a connection, fresh ones have their own', async () => {
    const numbers = new Set<number | undefined>();
    const port = await serve((stream, session) => {
      numbers.add(session.socket.remotePort);
      setTimeout(() => answer(stream), 50);
    });
    const load = loadOn(port, { protocol: 'http2', connections: 'both' });
    for (let n = 0; n < 20; n++) load.send();
    await load.settled(5000);
    await load.finish(0);
    expect(numbers.size).toBe(11);
    expect(Array.from(load.ledger.ending.subarray(0, 20))).toEqual(Array(20).fill(ENDING.answered));
  });

  test('a request body arrives', async () => {
    let got = '';
    const port = await serve((stream) => {
      stream.setEncoding('utf8').on('data', (chunk: string) => (got += chunk));
      stream.on('end', () => answer(stream));
    });
    const [request] = PLAN.requests;
    await one(port, { protocol: 'http2', requests: [{ ...request!, method: 'POST', body: 'hello' }] });
    expect(got).toBe('hello');
  });

  test('a body of a method that usually has none arrives too', async () => {
    let got = '';
    const port = await serve((stream) => {
      stream.setEncoding('utf8').on('data', (chunk: string) => (got += chunk));
      stream.on('end', () => answer(stream));
    });
    const [request] = PLAN.requests;
    const requests = [{ ...request!, method: 'DELETE', body: 'these' }];
    expect(await one(port, { protocol: 'http2', requests })).toMatchObject({ ending: ENDING.answered });
    expect(got).toBe('these');
  });

  test('a stream that the server refuses is refused', async () => {
    const port = await serve((stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM));
    expect(await one(port, { protocol: 'http2' })).toMatchObject({ ending: ENDING.streamRefused });
  });

  test('a stream above the last id of GOAWAY is refused, those below are answered', async () => {
    let first: ServerHttp2Stream | null = null;
    const port = await serve((stream, session) => {
      if (first === null) {
        first = stream;
        return;
      }
      session.goaway(http2.constants.NGHTTP2_NO_ERROR, 1);
      setTimeout(() => first && answer(first), 50);
    });
    const load = loadOn(port, { protocol: 'http2', connections: 'pooled' });
    load.send();
    await delay(100);
    load.send();
    await load.settled(5000);
    expect(Array.from(load.ledger.ending.subarray(0, 2))).toEqual([ENDING.answered, ENDING.streamRefused]);
    await load.finish(0);
  });

  test('one that a GOAWAY with an error leaves out is refused, one that had begun is lost', async () => {
    let streams = 0;
    const port = await serve((_stream, session) => {
      if (++streams === 2) session.goaway(http2.constants.NGHTTP2_INTERNAL_ERROR, 1);
    });
    const load = loadOn(port, { protocol: 'http2', connections: 'pooled' });
    load.send();
    await delay(100);
    load.send();
    await load.settled(5000);
    expect(Array.from(load.ledger.ending.subarray(0, 2))).toEqual([ENDING.cutBefore, ENDING.streamRefused]);
    await load.finish(0);
  });

  test('requests that wait for a server which says nothing end when the load does, and leave no connection', async () => {
    const { port, sockets } = await silent();
    for (const connections of ['fresh', 'pooled'] as const) {
      const load = loadOn(port, { protocol: 'http2', connections });
      load.send();
      load.send();
      await delay(50);
      expect(sockets.size).toBeGreaterThan(0);
      await load.finish(0);
      expect(Array.from(load.ledger.ending.subarray(0, 2))).toEqual([ENDING.notConnected, ENDING.notConnected]);
      await vi.waitFor(() => expect(sockets.size).toBe(0));
    }
  });

  test('after GOAWAY new requests go to a new connection', async () => {
    const ports = new Set<number | undefined>();
    const port = await serve((stream, session) => {
      ports.add(session.socket.remotePort);
      answer(stream);
      session.close();
    });
    const load = loadOn(port, { protocol: 'http2', connections: 'pooled' });
    for (let n = 0; n < 3; n++) {
      load.send();
      await load.settled(5000);
      await delay(20);
    }
    expect(ports.size).toBe(3);
    await load.finish(0);
  });

  test('an answer that is reset in its middle is truncated', async () => {
    const port = await serve((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half');
      setTimeout(() => stream.destroy(new Error('half is all')), 20);
    });
    expect(await one(port, { protocol: 'http2' })).toMatchObject({ ending: ENDING.cutInside });
  });

  test.each([
    ['before the answer', (): void => {}, ENDING.cutBefore],
    ['inside it', (stream: ServerHttp2Stream): void => void (stream.respond(), stream.write('half')), ENDING.cutInside],
  ])('a connection that ends %s cuts it', async (_where, begin, ending) => {
    const sockets: net.Socket[] = [];
    const server = http2.createServer();
    server.on('connection', (socket: net.Socket) => sockets.push(socket));
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      begin(stream);
      setTimeout(() => sockets.forEach((socket) => socket.destroy()), 30);
    });
    expect(await one(await listen(server), { protocol: 'http2' })).toMatchObject({ ending });
  });

  test('a session that is destroyed with a request in it cuts it', async () => {
    const port = await serve((_stream, session) => session.destroy());
    expect(await one(port, { protocol: 'http2' })).toMatchObject({ ending: ENDING.cutBefore });
  });

  test('a connection that is accepted and says nothing is no connection', async () => {
    const port = await listen(
      net.createServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end(),
      ),
    );
    expect(await one(port, { protocol: 'http2' })).toMatchObject({ ending: ENDING.notConnected, sent: false });
  });

  test('what nothing listens for is refused', async () => {
    const port = await serve(answer);
    closeAll();
    await delay(20);
    for (const connections of ['fresh', 'pooled'] as const)
      expect(await one(port, { protocol: 'http2', connections })).toMatchObject({ ending: ENDING.notConnected });
  });

  test('a request that is not answered in time is given up, and the connection goes on', async () => {
    let streams = 0;
    const port = await serve((stream) => {
      if (streams++ > 0) answer(stream);
    });
    const load = loadOn(port, { protocol: 'http2', connections: 'pooled', requestTimeoutMs: 200 });
    load.start(5, 0);
    await delay(700);
    load.stop();
    await load.settled(1000);
    expect(load.ledger.ending[0]).toBe(ENDING.deadline);
    expect(load.ledger.ending[1]).toBe(ENDING.answered);
    expect(load.ledger.connection[1]).toBe(load.ledger.connection[0]);
    await load.finish(0);
  });
});

describe('gRPC', () => {
  async function serve(status: number | null, trailersOnly = false): Promise<number> {
    const server = http2.createServer();
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      const isCall = headers['content-type'] === 'application/grpc' && headers['te'] === 'trailers';
      const type = { ':status': 200, 'content-type': 'application/grpc' };
      const received: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => received.push(chunk));
      stream.on('end', () => {
        const isWhole = isCall && Buffer.concat(received).length === 5;
        if (trailersOnly) return stream.respond({ ...type, 'grpc-status': status ?? 0 }, { endStream: true });
        stream.respond(type, { waitForTrailers: status !== null });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(isWhole ? status : 2) }));
        stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
      });
    });
    return await listen(server);
  }
  const health = {
    path: '/grpc.health.v1.Health/Check',
    method: 'POST',
    headers: {},
    body: null,
    share: 1,
    everyMs: null,
  };
  const call = (port: number) => one(port, { protocol: 'grpc', requests: [health] });

  test.each([
    ['OK', 0, 200],
    ['UNAVAILABLE', 14, 503],
    ['RESOURCE_EXHAUSTED', 8, 429],
    ['INTERNAL', 13, 500],
    ['UNIMPLEMENTED', 12, 501],
  ])('%s in the trailers has the HTTP status of the same meaning', async (_name, code, status) => {
    expect(await call(await serve(code))).toMatchObject({ ending: ENDING.answered, status });
  });

  test('a status in headers that end the call at once counts too', async () => {
    expect(await call(await serve(14, true))).toMatchObject({ ending: ENDING.answered, status: 503 });
  });

  test('a call that ends without a status is truncated', async () => {
    expect(await call(await serve(null))).toMatchObject({ ending: ENDING.cutInside });
  });
});
