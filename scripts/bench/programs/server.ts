/*
 * The server under load: answers each request with the same few bytes, as fast as Node can, and counts arrivals in bins
 * of 10 ms of its own monotonic clock. A request is one chunk: the clients here send small ones, one at a time a
 * connection. Tells its port once it listens; any message is answered with the counts, from the first arrival on, and the processor time it has used.
 */
import net, { type AddressInfo } from 'node:net';

const BIN_MS = 10;
const MAX_BINS = 60_000 / BIN_MS;
/** A burst of fresh connections waits here while the process is frozen. */
const BACKLOG = 4096;
const KEPT = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const CLOSING = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');

const bins = new Uint32Array(MAX_BINS);
let firstMs: number | null = null;

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const nowMs = performance.now();
    firstMs ??= nowMs;
    const bin = Math.floor((nowMs - firstMs) / BIN_MS);
    if (bin < MAX_BINS) bins[bin] = (bins[bin] ?? 0) + 1;
    if (chunk.includes('onnection: close')) socket.end(CLOSING);
    else socket.write(KEPT);
  });
});
server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG }, () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ arrivals: [...bins], cpuMs: (user + system) / 1000 });
});
process.on('disconnect', () => process.exit());
