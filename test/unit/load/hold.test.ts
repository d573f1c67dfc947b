import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import net, { type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { startClock } from '../../../src/clock.ts';
import { CannotRunError } from '../../../src/errors.ts';
import { openHolds, type Holds } from '../../../src/load/hold/hold.ts';
import type { HoldPlan, LoadPlan } from '../../../src/plan/plan.ts';
import { certificate, closeAll, closeLast, listen, PLAN } from './servers.ts';

const SSE: HoldPlan = { kind: 'sse', path: '/events' };
const WS: HoldPlan = { kind: 'ws', path: '/socket' };

const opened: Holds[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((holds) => holds[Symbol.asyncDispose]()));
  closeAll();
});

const http = (listener: RequestListener): Promise<number> => listen(createServer(listener));
/** A server that reads a request and then does what it likes with the bare connection. */
const raw = (act: (socket: Socket) => void): Promise<number> =>
  listen(net.createServer((socket) => socket.on('error', () => {}).once('data', () => act(socket))));

async function hold(port: number, holds: readonly HoldPlan[], changes: Partial<LoadPlan> = {}): Promise<Holds> {
  const plan = { ...PLAN, ...changes, holds };
  const address = { host: '127.0.0.1', port, via: 'container' as const };
  const held = await openHolds(address, plan, startClock(), new AbortController().signal);
  opened.push(held);
  return held;
}

/** Holds one connection until it has ended, and gives its facts. */
async function ended(port: number, plan: HoldPlan) {
  const holds = await hold(port, [plan]);
  await vi.waitFor(() => expect(holds.facts()[0]?.ending).not.toBe('open'), { timeout: 5000 });
  return holds.facts()[0]!;
}

/** Why a connection cannot be held. */
async function refusal(port: number, plan: HoldPlan): Promise<CannotRunError> {
  const error: unknown = await hold(port, [plan]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CannotRunError);
  return error as CannotRunError;
}

/** A server's frame, which is never masked (RFC 6455, 5.2). Payloads are short here. */
const frame = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.of(0x80 | opcode, payload.length), payload]);
const closeFrame = (code?: number): Buffer =>
  frame(0x8, code === undefined ? Buffer.alloc(0) : Buffer.of(code >> 8, code & 0xff));
const OPCODE_OF_PONG = 0xa;

/** Makes a WebSocket of every connection that asks for it, and does something with it. */
function upgrade<T extends Server>(server: T, act: (socket: Socket) => void): T {
  return server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    socket
      .on('error', () => {})
      .write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
      );
    act(socket);
  });
}
const webSocketServer = (act: (socket: Socket) => void): Promise<number> => listen(upgrade(createServer(), act));

const SSE_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

describe('an event stream', () => {
  test('is open while it is watched, and its events are counted, not its comments', async () => {
    const holds = await hold(
      await http((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
        response.write(': hello\n\nevent: tick\nda');
        setTimeout(() => response.write('ta: 1\r\n\r'), 20);
        setTimeout(() => response.write('\ndata\n\nretry: 1\n\n'), 40);
        setTimeout(() => response.write('data: unfinished\n'), 60);
      }),
      [SSE],
    );
    await vi.waitFor(() => expect(holds.facts()[0]?.messages).toBe(2), { timeout: 5000 });
    const [facts] = holds.facts();
    expect(facts).toMatchObject({ ...SSE, ending: 'open', endedAtUs: null, closeCode: null, verifiable: true });
    expect(facts!.lastMessageAtUs).toBeGreaterThan(facts!.openedAtUs);
    await holds[Symbol.asyncDispose]();
    expect(holds.facts()).toEqual([facts]);
  });

  test('that is ended by its app is clean', async () => {
    const facts = await ended(
      await http((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
        setTimeout(() => response.end(), 50);
      }),
      SSE,
    );
    expect(facts).toMatchObject({ ending: 'clean', verifiable: true, messages: 1 });
    expect(facts.endedAtUs).toBeGreaterThan(facts.openedAtUs);
  });

  test.each([
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n'],
    [
      'in chunks of a connection to close',
      'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n',
    ],
    ['with a length', 'Content-Length: 1000\r\n\r\ndata: 1\n\n'],
  ])('%s that is cut is cut', async (_title, rest) => {
    for (const cut of ['end', 'resetAndDestroy'] as const) {
      const port = await raw((socket) => {
        socket.write(SSE_HEAD + rest);
        setTimeout(() => socket[cut](), 50);
      });
      expect(await ended(port, SSE)).toMatchObject({ ending: 'cut', verifiable: true, messages: 1 });
    }
  });

  test('that only the close delimits cannot be told from a cut', async () => {
    const port = await raw((socket) => socket.end(`${SSE_HEAD}\r\ndata: 1\n\n`));
    expect(await ended(port, SSE)).toMatchObject({ ending: 'clean', verifiable: false, messages: 1 });
  });

  test.each([
    [404, 'text/plain', 'the app answered 404 Not Found'],
    [204, 'text/event-stream', 'the app answered 204 No Content'],
    [200, 'text/html', 'the app answered 200 OK with text/html'],
  ])('cannot be held where the app answers %i and %s', async (status, type, because) => {
    const port = await http((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end('nothing'),
    );
    const error = await refusal(port, SSE);
    expect(error.message).toBe(`--hold sse:/events cannot be held open: ${because}.`);
    expect(error.nextStep).toContain('text/event-stream');
  });

  test('are told at once from a stream of another kind, which has no end', async () => {
    const port = await http((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{}\n');
    });
    expect((await refusal(port, SSE)).message).toContain('application/x-ndjson');
  });

  test('cannot be held where nothing listens', async () => {
    const port = await http(() => {});
    closeLast();
    await delay(20);
    expect((await refusal(port, SSE)).message).toMatch(/^--hold sse:\/events cannot be held open: .*ECONNREFUSED/);
  });
});

describe('a WebSocket', () => {
  test('is open while it is watched; its messages are counted and its pings answered', async () => {
    const pongs: Buffer[] = [];
    const holds = await hold(
      await webSocketServer((socket) => {
        socket.on('data', (bytes) => {
          if ((bytes[0]! & 0xf) === OPCODE_OF_PONG) pongs.push(bytes);
        });
        socket.write(frame(0x1, Buffer.from('first')));
        socket.write(frame(0x9, Buffer.from('ping')));
        socket.write(frame(0x2, Buffer.from('second')));
      }),
      [WS],
    );
    await vi.waitFor(() => expect(holds.facts()[0]?.messages).toBe(2), { timeout: 5000 });
    await vi.waitFor(() => expect(pongs).toHaveLength(1), { timeout: 5000 });
    const [facts] = holds.facts();
    expect(facts).toMatchObject({ ...WS, ending: 'open', endedAtUs: null, closeCode: null });
    await holds[Symbol.asyncDispose]();
    expect(holds.facts()).toEqual([facts]);
  });

  test.each([
    [1000, 'clean'],
    [1001, 'clean'],
    [1012, 'clean'],
    [1011, 'cut'],
    [1008, 'cut'],
  ])('that is closed with %i is %s', async (code, ending) => {
    const port = await webSocketServer((socket) => setTimeout(() => socket.end(closeFrame(code)), 50));
    const facts = await ended(port, WS);
    expect(facts).toMatchObject({ ending, closeCode: code });
    expect(facts.endedAtUs).toBeGreaterThan(facts.openedAtUs);
  });

  test('that is closed without a code is clean', async () => {
    const port = await webSocketServer((socket) => setTimeout(() => socket.end(closeFrame()), 50));
    expect(await ended(port, WS)).toMatchObject({ ending: 'clean', closeCode: 1005 });
  });

  test.each(['end', 'resetAndDestroy'] as const)('whose connection just ends (%s) is cut', async (cut) => {
    const port = await webSocketServer((socket) => setTimeout(() => socket[cut](), 50));
    expect(await ended(port, WS)).toMatchObject({ ending: 'cut', closeCode: 1006 });
  });

  test('is given up where its app does not answer the close', async () => {
    const sockets: Socket[] = [];
    const holds = await hold(await webSocketServer((socket) => void sockets.push(socket.resume())), [WS]);
    const gone = new Promise((resolve) => sockets[0]!.once('end', resolve));
    await holds[Symbol.asyncDispose]();
    await gone;
    expect(holds.facts()[0]).toMatchObject({ ending: 'open', closeCode: null });
  });

  test('cannot be held where the app answers without switching protocols', async () => {
    const port = await http((_request, response) => response.writeHead(403).end('no'));
    const error = await refusal(port, WS);
    expect(error.message).toBe('--hold ws:/socket cannot be held open: the app answered 403 Forbidden.');
    expect(error.nextStep).toContain('accepts WebSockets');
  });

  test('cannot be held where the connection ends without an answer', async () => {
    const port = await raw((socket) => socket.end());
    expect((await refusal(port, WS)).message).toMatch(/^--hold ws:\/socket cannot be held open: .*closed/);
  });
});

describe('held connections', () => {
  test('send the headers of the first request, except those about a body', async () => {
    const seen: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    server.on('upgrade', (request, socket) => {
      seen.push(request.headers);
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    });
    const headers = {
      Host: 'app.example',
      Authorization: 'Bearer x',
      Accept: '*/*',
      Cookie: 'a=b',
      'Content-Type': 'application/json',
    };
    const requests = [{ ...PLAN.requests[0]!, method: 'POST', headers }];
    const port = await listen(server);
    await hold(port, [SSE], { requests });
    await expect(hold(port, [WS], { requests })).rejects.toThrow('401 Unauthorized');
    expect(seen).toHaveLength(2);
    for (const one of seen)
      expect(one).toMatchObject({ host: 'app.example', authorization: 'Bearer x', cookie: 'a=b' });
    for (const one of seen) expect(one).not.toHaveProperty('content-type');
    expect(seen[0]).toMatchObject({ accept: 'text/event-stream' });
  });

  test('are all ended where one of them cannot be opened', async () => {
    const ended: string[] = [];
    const port = await http((request, response) => {
      if (request.url !== '/events') return response.writeHead(404).end();
      request.socket.once('close', () => ended.push('closed'));
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    await expect(hold(port, [SSE, WS])).rejects.toThrow('ws:/socket');
    await vi.waitFor(() => expect(ended).toEqual(['closed']), { timeout: 5000 });
  });

  test.each([SSE, WS])('are not waited for on an abort ($kind)', async (plan) => {
    const abort = new AbortController();
    const enough = (): unknown => setTimeout(() => abort.abort(new Error('enough')), 50);
    const port = await listen(createServer(enough).on('upgrade', enough));
    const address = { host: '127.0.0.1', port, via: 'container' as const };
    await expect(openHolds(address, { ...PLAN, holds: [plan] }, startClock(), abort.signal)).rejects.toThrow('enough');
  });

  test('speak TLS, and HTTP/1.1 over it, as the plan says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hold-'));
    try {
      const { key, cert } = await certificate();
      const ca = join(folder, 'ca.pem');
      writeFileSync(ca, cert);
      const versions: string[] = [];
      const server = createTlsServer({ key, cert }, (request, response) => {
        versions.push(request.httpVersion);
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      });
      const port = await listen(upgrade(server, (socket) => socket.write(frame(0x1, Buffer.from('hello')))));
      const holds = await hold(port, [SSE, WS], { tls: { ca, insecure: false } });
      await vi.waitFor(() => expect(holds.facts().map(({ messages }) => messages)).toEqual([1, 1]), { timeout: 5000 });
      expect(versions).toEqual(['1.1']);
      await expect(hold(port, [WS], { tls: { ca: null, insecure: false } })).rejects.toThrow(/certificate/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
