// Right: on SIGTERM every WebSocket gets a close frame with code 1001 (going away), and a second to answer it. The
// ordinary requests are answered, and it exits 0.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];
const GOING_AWAY = [0x03, 0xe9]; // 1001
const sockets = new Set();
let stopping = false;

const server = createServer(async (_request, response) => {
  await sleep(workMs);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {}); // The client may be gone.
  if (stopping) return socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${acceptKey(request.headers['sec-websocket-key'])}\r\n\r\n`,
  );
  sockets.add(socket);
  const timer = setInterval(() => stopping || send(socket, TEXT, 'tick'), 500);
  socket.on('close', () => {
    clearInterval(timer);
    sockets.delete(socket);
  });
  socket.on('end', () => socket.end());
  socket.on('data', (chunk) => {
    for (const { opcode, payload } of frames(chunk)) {
      if (opcode === PING) send(socket, PONG, payload);
      if (opcode === CLOSE) socket.end(stopping ? undefined : frame(CLOSE, payload));
    }
  });
  socket.unshift(head);
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  for (const socket of sockets) send(socket, CLOSE, GOING_AWAY);
  setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, 1000);
});

/** The key's answer (RFC 6455, 4.2.2). */
function acceptKey(key) {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function frame(opcode, payload) {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), Buffer.from(payload)]);
}

function send(socket, opcode, payload) {
  if (socket.writable) socket.write(frame(opcode, payload));
}

/** What a client sends, masked; each frame is whole and short, which is all that this app ever gets. */
function* frames(chunk) {
  for (let at = 0; at + 6 <= chunk.length;) {
    const end = at + 6 + (chunk[at + 1] & 0x7f);
    const mask = chunk.subarray(at + 2, at + 6);
    yield { opcode: chunk[at] & 0x0f, payload: chunk.subarray(at + 6, end).map((byte, n) => byte ^ mask[n % 4]) };
    at = end;
  }
}
