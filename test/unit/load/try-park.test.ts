import { createServer, type RequestListener } from 'node:http';
import net, { type Socket } from 'node:net';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { startClock } from '../../../src/clock.ts';
import { tryPark } from '../../../src/load/park/try-park.ts';
import type { RequestPlan } from '../../../src/plan/plan.ts';
import { closeAll, listen, PLAN } from './servers.ts';

const GET: RequestPlan = { path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null };
const POST: RequestPlan = { ...GET, path: '/orders', method: 'POST', body: '{"item":"tea"}' };

afterEach(closeAll);

const http = (listener: RequestListener): Promise<number> => listen(createServer(listener));
/** A server that does what it likes with the bare connection. */
const raw = (act: (socket: Socket) => void): Promise<number> =>
  listen(net.createServer((socket) => act(socket.on('error', () => {}))));

/** Tries to park at a port; `ask` is a real request of its own connection. */
function tryOn(port: number, request: RequestPlan, abort = new AbortController().signal) {
  const ask = async (): Promise<boolean> =>
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(400) }).then(
      (response) => response.ok,
      () => false,
    );
  return tryPark(
    { host: '127.0.0.1', port, via: 'container' },
    { ...PLAN, requests: [request] },
    startClock(),
    ask,
    abort,
  );
}

/** Answers with what it was asked, once it has all of it. */
const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => response.end(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`));
};

describe('the trial', () => {
  test('parks inside the body where the app waits for that', async () => {
    expect(await tryOn(await http(echo), POST)).toEqual({ mode: 'body', status: 200 });
  });

  test('parks inside the headers where the app ignores bodies, fast or slowly', async () => {
    for (const afterMs of [0, 300]) {
      const port = await http((_request, response) => void setTimeout(() => response.end('ok'), afterMs));
      expect(await tryOn(port, POST)).toEqual({ mode: 'headers', status: 200 });
    }
  });

  test('parks a request without a body inside its headers', async () => {
    expect(await tryOn(await http(echo), GET)).toEqual({ mode: 'headers', status: 200 });
  });

  test('drops it where the only worker then serves nobody else, and leaves that worker free', async () => {
    const port = await oneAtATime();
    expect(await tryOn(port, GET)).toEqual({
      droppedBecause: 'the app answers nothing else while it waits for the rest of one request',
    });
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) });
    expect(response.status).toBe(200);
  });

  test('drops it where the app does not wait', async () => {
    const answer = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    const port = await raw((socket) =>
      socket.once('data', (bytes) => socket.end(bytes.toString().endsWith('\r\n\r\n') ? ok : answer)),
    );
    const trial = await tryOn(port, GET);
    expect(trial).toEqual({
      droppedBecause: expect.stringMatching(/^the app answers 408 after \d+ ms, before it has the whole request$/),
    });
  });

  test('drops it where the app does not answer what comes late', async () => {
    const port = await raw((socket) => {
      socket.once('data', (bytes) => {
        if (bytes.toString().endsWith('\r\n\r\n')) socket.end(ok);
        else socket.on('data', (more) => more.toString().endsWith('\r\n\r\n') && socket.end());
      });
    });
    expect(await tryOn(port, GET)).toEqual({
      droppedBecause: 'the app does not answer a request whose last part comes late',
    });
  });

  test('ends with the abort, and its connection with it', async () => {
    const abort = new AbortController();
    let ended = false;
    const server = createServer(echo).on('connection', (socket) => socket.once('end', () => (ended = true)));
    const trial = tryOn(await listen(server), GET, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await expect(trial).rejects.toThrow('enough');
    await vi.waitFor(() => expect(ended).toBe(true), { timeout: 5000 });
  });
});

const ok = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok';

/** A server with one worker: it looks at a connection only when the one before is done with. */
function oneAtATime(): Promise<number> {
  let last: Promise<void> = Promise.resolve();
  const server = net.createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    last = last.then(() => serve(socket));
  });
  return listen(server);
}

function serve(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    socket.once('close', () => resolve());
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (text.endsWith('\r\n\r\n')) socket.end(ok);
    });
    socket.resume();
  });
}
