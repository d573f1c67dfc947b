import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import net, { type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { startClock } from '../../../src/clock.ts';
import type { TargetAddress } from '../../../src/engines/engine.ts';
import type { ParkMode } from '../../../src/load/park/half-sent.ts';
import { park, type Parked } from '../../../src/load/park/parked.ts';
import type { LoadPlan, RequestPlan } from '../../../src/plan/plan.ts';
import { certificate, closeAll, closeLast, listen, PLAN } from './servers.ts';

const GET: RequestPlan = { path: '/', method: 'GET', headers: {}, body: null, share: 1, everyMs: null };
const POST: RequestPlan = { ...GET, path: '/orders', method: 'POST', body: '{"item":"tea"}' };

const sets: Parked[] = [];
afterEach(() => {
  for (const parked of sets.splice(0)) parked.close();
  closeAll();
});

const http = (listener: RequestListener): Promise<number> => listen(createServer(listener));
/** A server that does what it likes with the bare connection. */
const raw = (act: (socket: Socket) => void): Promise<number> =>
  listen(net.createServer((socket) => act(socket.on('error', () => {}))));

const at = (port: number, via: TargetAddress['via'] = 'container'): TargetAddress => ({ host: '127.0.0.1', port, via });

type More = { readonly count?: number; readonly via?: TargetAddress['via']; readonly tls?: LoadPlan['tls'] };

/** Parks requests and resolves once each is half-sent or has ended. */
async function parkOn(port: number, request: RequestPlan, mode: ParkMode, more: More = {}) {
  const { count = 1, via, tls = null } = more;
  const parked = park(at(port, via), { ...PLAN, requests: [request], tls }, mode, count, startClock());
  sets.push(parked);
  await parked.begun();
  return parked;
}

/** Finishes what is parked, waits for it and gives the facts of the first. */
async function finished(parked: Parked) {
  await parked.finishAll();
  await parked.settled(5000);
  return parked.facts()[0]!;
}

/** Answers with what it was asked, once it has all of it. */
const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => response.end(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`));
};

describe('a parked request', () => {
  test.each([
    ['headers', 'GET', GET],
    ['headers', 'POST', POST],
    ['body', 'POST', POST],
  ] as const)(
    'is waited for and answered by a node server that drains (%s of a %s)',
    async (mode, _method, request) => {
      let drained = false;
      const server = createServer(echo);
      const parked = await parkOn(await listen(server), request, mode, { count: 3 });
      await delay(50);
      server.close(() => (drained = true));
      // Long enough for the trickle to have come by.
      await delay(700);
      expect(parked.open).toBe(3);
      expect(drained).toBe(false);
      await finished(parked);
      for (const facts of parked.facts()) {
        expect(facts).toMatchObject({ ending: 'answered', status: 200 });
        expect(facts.wholeAtUs! - facts.openedAtUs).toBeGreaterThan(500_000);
        expect(facts.endedAtUs).toBeGreaterThan(facts.wholeAtUs!);
      }
      expect(parked.open).toBe(0);
      await vi.waitFor(() => expect(drained).toBe(true), { timeout: 5000 });
    },
  );

  test.each(['headers', 'body'] as const)(
    'arrives as the plan has it, with nothing lost or added (%s)',
    async (mode) => {
      const seen: unknown[] = [];
      const port = await http((request, response) => {
        const { method, url, headers } = request;
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          seen.push({
            method,
            url,
            body,
            host: headers.host,
            key: headers['x-key'],
            length: headers['content-length'],
          });
          response.end();
        });
      });
      const parked = await parkOn(port, { ...POST, headers: { Host: 'app.example', 'X-Key': 'k' } }, mode);
      await delay(1200);
      await finished(parked);
      const { method, path, body } = POST;
      expect(seen).toEqual([{ method, url: path, body, host: 'app.example', key: 'k', length: String(body!.length) }]);
    },
  );

  test('keeps its last byte to itself, however long it is parked', async () => {
    let received = 0;
    const port = await raw((socket) => socket.on('data', (bytes) => void (received += bytes.length)));
    const parked = await parkOn(port, { ...POST, body: 'ab' }, 'body');
    await delay(1300);
    const before = received;
    expect(parked.open).toBe(1);
    await parked.finishAll();
    await vi.waitFor(() => expect(received).toBe(before + 1), { timeout: 5000 });
  });

  test('is not judged where the app closes it unfinished', async () => {
    const port = await raw((socket) => socket.once('data', () => setTimeout(() => socket.end(), 50)));
    const parked = await parkOn(port, GET, 'headers');
    await vi.waitFor(() => expect(parked.open).toBe(0), { timeout: 5000 });
    expect(await finished(parked)).toMatchObject({ ending: 'closedUnfinished', wholeAtUs: null, status: null });
  });

  test('is not judged where the app turns it away unfinished', async () => {
    const answer = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    const port = await raw((socket) => socket.once('data', () => setTimeout(() => socket.end(answer), 50)));
    const parked = await parkOn(port, GET, 'headers');
    await vi.waitFor(() => expect(parked.open).toBe(0), { timeout: 5000 });
    expect(await finished(parked)).toMatchObject({ ending: 'closedUnfinished', wholeAtUs: null, status: 408 });
  });

  test('is not judged where its last bytes meet a connection that is closed already', async () => {
    const sockets: Socket[] = [];
    const port = await raw((socket) => socket.once('data', () => sockets.push(socket)));
    const parked = await parkOn(port, GET, 'headers');
    await vi.waitFor(() => expect(sockets).toHaveLength(1), { timeout: 5000 });
    // Closed by the app in the same turn in which the last bytes are written: the end is not seen before.
    setImmediate(() => sockets[0]!.destroy());
    const facts = await finished(parked);
    expect(facts.wholeAtUs).not.toBeNull();
    expect(facts.ending).toBe('closedUnfinished');
  });

  test.each([
    ['ends the connection', (socket: Socket) => socket.end()],
    ['cuts a body with a length', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')],
    [
      'cuts a body in chunks',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
    ],
    ['cuts the headers', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ])('is cut where the app has all of it and %s', async (_title, cut) => {
    const port = await raw((socket) => {
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString();
        if (text.endsWith('\r\n\r\n')) cut(socket);
      });
    });
    const facts = await finished(await parkOn(port, GET, 'headers'));
    expect(facts.ending).toBe('cut');
    expect(facts.endedAtUs).toBeGreaterThanOrEqual(facts.wholeAtUs!);
  });

  test('is not judged where a proxy hides whether its last bytes were read', async () => {
    const port = await raw((socket) =>
      socket.on('data', (bytes) => bytes.toString().endsWith('\r\n\r\n') && socket.end()),
    );
    const facts = await finished(await parkOn(port, GET, 'headers', { via: 'published-port' }));
    expect(facts.ending).toBe('closedUnfinished');
  });

  test('is not judged where a reset tells that its last bytes were never read', async () => {
    const port = await listen(
      net.createServer({ pauseOnConnect: true }, (socket) => void setTimeout(() => socket.destroy(), 300)),
    );
    const facts = await finished(await parkOn(port, GET, 'headers'));
    expect(facts.wholeAtUs).not.toBeNull();
    expect(facts.ending).toBe('closedUnfinished');
  });

  test('is refused where nothing listens', async () => {
    const port = await http(() => {});
    closeLast();
    await delay(20);
    const parked = await parkOn(port, GET, 'headers');
    expect(parked.facts()[0]).toMatchObject({ ending: 'refused', status: null, wholeAtUs: null });
    expect(parked.open).toBe(0);
  });

  test('stays open in the facts where it is closed from here, and sends nothing more', async () => {
    let received = 0;
    let ended = false;
    const port = await raw((socket) => {
      socket.on('data', (bytes) => void (received += bytes.length)).once('end', () => (ended = true));
    });
    const parked = await parkOn(port, GET, 'headers');
    await delay(50);
    parked.close();
    await vi.waitFor(() => expect(ended).toBe(true), { timeout: 5000 });
    const before = received;
    await delay(700);
    expect(received).toBe(before);
    expect(parked.facts()[0]).toMatchObject({ ending: 'open', endedAtUs: null });
  });

  test('that is not answered is open when the wait is over', async () => {
    const parked = await parkOn(await http(() => {}), GET, 'headers');
    await parked.finishAll();
    await parked.settled(200);
    expect(parked.facts()[0]).toMatchObject({ ending: 'open', endedAtUs: null });
    expect(parked.facts()[0]!.wholeAtUs).not.toBeNull();
  });
});

describe('over TLS, a parked request', () => {
  const INSECURE = { ca: null, insecure: true };

  test.each(['headers', 'body'] as const)('is waited for and answered (%s)', async (mode) => {
    const port = await listen(createTlsServer(await certificate(), echo));
    const parked = await parkOn(port, POST, mode, { tls: INSECURE });
    await delay(700);
    expect(parked.open).toBe(1);
    expect(await finished(parked)).toMatchObject({ ending: 'answered', status: 200 });
  });

  test('is cut where the app has all of it and ends the connection', async () => {
    const server = createTlsServer(await certificate(), (request) => void request.socket.destroy());
    expect((await finished(await parkOn(await listen(server), GET, 'headers', { tls: INSECURE }))).ending).toBe('cut');
  });

  test('is not judged where the app closes it unfinished', async () => {
    const server = createTlsServer(await certificate()).on('secureConnection', (socket: Socket) =>
      setTimeout(() => socket.destroy(), 50),
    );
    const parked = await parkOn(await listen(server), GET, 'headers', { tls: INSECURE });
    await vi.waitFor(() => expect(parked.open).toBe(0), { timeout: 5000 });
    expect(await finished(parked)).toMatchObject({ ending: 'closedUnfinished', wholeAtUs: null });
  });

  test("is refused where the certificate is nobody's", async () => {
    const port = await listen(createTlsServer(await certificate(), echo));
    const parked = await parkOn(port, GET, 'headers', { tls: { ca: null, insecure: false } });
    expect(parked.facts()[0]!.ending).toBe('refused');
  });
});
