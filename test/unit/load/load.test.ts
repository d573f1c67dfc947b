import { createServer, type RequestListener } from 'node:http';
import net, { type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, test } from 'vitest';

import { ENDING, FLAG } from '../../../src/load/ledger.ts';
import type { LoadPlan } from '../../../src/plan/plan.ts';
import { closeAll, closeLast, listen, loadOn } from './servers.ts';

const FLAGS_OF_READING = FLAG.fin | FLAG.reset;

afterEach(closeAll);

const http = (listener: RequestListener): Promise<number> => listen(createServer(listener));
/** Of counts in bins of equal length. */
function varianceOverMean(timesUs: readonly number[], fromUs: number, binUs: number, bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const us of timesUs) {
    const bin = Math.floor((us - fromUs) / binUs);
    if (bin >= 0 && bin < bins) counts[bin]!++;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / bins;
  return mean === 0 ? Infinity : counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bins / mean;
}

/** A server that does something with each connection once it has read a request. */
const afterReading = (act: (socket: Socket) => void): Promise<number> =>
  listen(net.createServer((socket) => socket.on('error', () => {}).once('data', () => act(socket))));

/** Sends one request and gives its ending and what is known of its being read. */
async function one(port: number, connections: LoadPlan['connections'] = 'fresh') {
  const load = loadOn(port, { connections });
  const row = load.send();
  await load.settled(5000);
  await load.finish(0);
  const { ledger } = load;
  return { ending: ledger.ending[row], reading: (ledger.flags[row] ?? 0) & FLAGS_OF_READING };
}

test('a connection that there is goes before one that cannot be made any more', async () => {
  const sockets: Socket[] = [];
  const server = createServer((_request, response) => void setTimeout(() => response.end('ok'), 20));
  server.on('connection', (socket) => sockets.push(socket));
  const load = loadOn(await listen(server), { connections: 'pooled' });
  load.send();
  load.send();
  await load.settled(5000);
  // The listener alone; the server's own `close` would end connections that are idle.
  net.Server.prototype.close.call(server);
  sockets[1]?.destroy();
  await delay(50);
  for (let nth = 0; nth < 5; nth++) {
    load.send();
    await load.settled(5000);
  }
  await load.finish(0);
  expect([...load.ledger.ending.subarray(0, 7)]).toEqual(new Array(7).fill(ENDING.answered));
});

describe('a request that gets no answer', () => {
  test('was read where the connection ends with a FIN', async () => {
    const port = await afterReading((socket) => socket.end());
    expect(await one(port)).toEqual({ ending: ENDING.cutBefore, reading: FLAG.fin });
  });

  test('was not read where a reset comes', async () => {
    const port = await listen(
      net.createServer({ pauseOnConnect: true }, (socket) => {
        // What waits unread when a socket is closed makes the kernel send a reset.
        setTimeout(() => socket.destroy(), 50);
      }),
    );
    expect(await one(port)).toEqual({ ending: ENDING.cutBefore, reading: FLAG.reset });
  });

  test('was not read where a reset follows the FIN, and that too is written down', async () => {
    const port = await listen(
      net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
        setTimeout(() => socket.end(), 30);
        setTimeout(() => socket.destroy(), 45);
      }),
    );
    expect(await one(port)).toEqual({ ending: ENDING.cutBefore, reading: FLAG.fin | FLAG.reset });
  });

  test('was refused where nothing listens', async () => {
    const port = await http(() => {});
    closeLast();
    await delay(20);
    expect((await one(port)).ending).toBe(ENDING.notConnected);
  });
});

describe('an answer', () => {
  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['inside its headers', 'HTTP/1.1 200 OK\r\nContent-'],
  ])('%s that is cut is truncated', async (_title, half) => {
    const port = await afterReading((socket) => socket.end(half));
    expect((await one(port)).ending).toBe(ENDING.cutInside);
  });

  test('that only the close delimits is marked as such', async () => {
    const port = await afterReading((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nsome'));
    const load = loadOn(port, { connections: 'fresh' });
    const row = load.send();
    await load.settled(5000);
    expect(load.ledger.ending[row]).toBe(ENDING.answered);
    expect((load.ledger.flags[row] ?? 0) & FLAG.closeDelimited).toBe(FLAG.closeDelimited);
    await load.finish(0);
  });

  test('that does not come in time is a deadline', async () => {
    const load = loadOn(await http(() => {}), { requestTimeoutMs: 200 });
    load.start(20, 0);
    await delay(600);
    load.stop();
    expect(load.ledger.ending[0]).toBe(ENDING.deadline);
    await load.finish(0);
  });
});

describe('the schedule', () => {
  test('goes on while nothing is answered, and sends nothing twice', async () => {
    let arrived = 0;
    const load = loadOn(await http(() => void arrived++));
    load.start(200, 0);
    await delay(1000);
    load.stop();
    await delay(100);
    expect(load.ledger.length).toBeGreaterThan(150);
    expect(arrived).toBe(load.ledger.length);
    await load.finish(0);
    await delay(50);
    expect(arrived).toBe(load.ledger.length);
  });

  test('goes on when the server goes away in its middle, and every request ends once', async () => {
    const port = await http((_request, response) => void setTimeout(() => response.end('ok'), 5));
    const load = loadOn(port);
    load.start(500, 0);
    load.keepOpen(3);
    await delay(300);
    closeAll();
    await delay(500);
    load.stop();
    await load.settled(5000);
    const endings = load.ledger.ending.subarray(0, load.ledger.length);
    expect(endings).not.toContain(ENDING.open);
    expect(endings.filter((ending) => ending === ENDING.notConnected).length).toBeGreaterThan(100);
    expect(load.faults).toBe(0);
    await load.finish(0);
  });

  test('keeps no more open than it may have, however many it is told', async () => {
    const load = loadOn(await http(() => {}), { park: 1000 });
    load.keepOpen(9000);
    expect(load.ledger.length).toBeLessThanOrEqual(8192);
    expect(load.faults).toBe(0);
    load.keepOpen(0);
    await load.finish(0);
  });

  test('leaves evenly, as a schedule and neither chance nor a burst would', async () => {
    const load = loadOn(await http((_request, response) => response.end('ok')), { connections: 'pooled' });
    load.start(500, 0);
    await delay(2500);
    load.stop();
    await load.settled(5000);
    const sentUs = Array.from(load.ledger.sentUs.subarray(0, load.ledger.length));
    await load.finish(0);
    // Where this machine stalls, windows are uneven; by chance none is so even, and a burst a second leaves most empty.
    const windows = Array.from({ length: 20 }, (_, nth) => (sentUs[0] ?? 0) + 200_000 + nth * 100_000);
    const spreads = windows.map((fromUs) => varianceOverMean(sentUs, fromUs, 10_000, 10)).sort((x, y) => x - y);
    // Counts of a Poisson process, which is what chance would give, have a variance like their mean.
    expect(spreads[3]).toBeLessThan(0.3);
  });

  test('catches up after a pause a few at a time, so that answers come in between', async () => {
    const load = loadOn(await http((_request, response) => response.end('ok')), { connections: 'pooled' });
    load.start(500, 0);
    await delay(200);
    const pausedMs = performance.now();
    while (performance.now() - pausedMs < 600);
    const [sentBefore, steps] = [load.ledger.length, [] as number[]];
    while (load.ledger.length - sentBefore < 280) {
      const sent = load.ledger.length;
      await nextTurn();
      steps.push(load.ledger.length - sent);
    }
    load.stop();
    await load.settled(5000);
    await load.finish(0);
    expect(Math.max(...steps)).toBeLessThan(100);
  });

  test('uses fresh and pooled connections in turn', async () => {
    const ports = new Set<number | undefined>();
    const load = loadOn(
      await http((request, response) => {
        ports.add(request.socket.remotePort);
        response.end('ok');
      }),
    );
    for (let n = 0; n < 20; n++) {
      load.send();
      await load.settled(5000);
    }
    const reused = load.ledger.flags.subarray(0, 20).filter((flags) => (flags & FLAG.reused) !== 0);
    expect(ports.size).toBe(11);
    expect(reused).toHaveLength(9);
    await load.finish(0);
  });

  test('keeps requests open where it is told to, and never more than that', async () => {
    let most = 0;
    let now = 0;
    const load = loadOn(
      await http((_request, response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          response.end('ok');
        }, 10);
      }),
    );
    load.keepOpen(3);
    await delay(300);
    load.keepOpen(0);
    await load.settled(5000);
    expect(most).toBe(3);
    expect(load.ledger.length).toBeGreaterThan(20);
    await load.finish(0);
  });
});

describe('when traffic is no longer routed to the target', () => {
  const after = async (connections: LoadPlan['connections'], pooled: 'go' | 'stop') => {
    const fresh = new Set<Socket>();
    let isUnrouted = false;
    const server = createServer((_request, response) => void setTimeout(() => response.end('ok'), 10));
    server.on('connection', (socket) => isUnrouted && fresh.add(socket));
    const load = loadOn(await listen(server), { connections });
    load.start(100, 0);
    await delay(300);
    load.unroute(pooled);
    // What was being dialled then is not to be told from what is dialled afterwards.
    await delay(50);
    isUnrouted = true;
    const sent = load.ledger.length;
    await delay(300);
    await load.finish(1000);
    return { sentAfter: load.ledger.length - sent, madeAfter: fresh.size };
  };

  test('no new connection is made, and requests go on over those that are open', async () => {
    const { sentAfter, madeAfter } = await after('both', 'go');
    expect(madeAfter).toBe(0);
    expect(sentAfter).toBeGreaterThan(5);
  });

  test.each([
    ['both', 'stop'],
    ['fresh', 'go'],
  ] as const)('nothing is sent with %s connections, where those that are open %s', async (connections, pooled) => {
    expect(await after(connections, pooled)).toEqual({ sentAfter: 0, madeAfter: 0 });
  });
});
