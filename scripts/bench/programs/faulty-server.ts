/*
 * A server that does wrong and keeps count. The argument is its fault. `fin` and `cut` hit every other request until
 * there were enough of them: the connection ends before any byte, or inside the body. `hold` reads and never answers.
 * Tells its port; then, once as many were hit as the argument asks for, says so. Any message is answered with the count.
 */
import net, { type AddressInfo, type Socket } from 'node:net';

import type { FaultyServer } from '../jobs.ts';

const BACKLOG = 4096;
const WHOLE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const CUT = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nok';

const { fault, times } = JSON.parse(process.argv[2] ?? 'null') as FaultyServer;
let read = 0;
let hit = 0;

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    // Not the start of a request: a client that tries whether the connection is still there.
    if (!chunk.includes('HTTP/1.1')) return;
    read++;
    if (hit >= times || (fault !== 'hold' && read % 2 === 0)) return void socket.write(WHOLE);
    hit++;
    hitOne(socket);
    if (hit === times) process.send?.('done');
  });
});
server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG }, () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.on('message', () => process.send?.(hit));
process.on('disconnect', () => process.exit());

function hitOne(socket: Socket): void {
  switch (fault) {
    case 'fin':
      socket.end();
      return;
    case 'cut':
      socket.end(CUT);
      return;
    case 'hold':
  }
}
