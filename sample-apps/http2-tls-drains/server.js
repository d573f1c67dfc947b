// Right, with HTTP/2 over TLS: as in the clear, every session gets a GOAWAY, and so does one whose handshake was not
// done when SIGTERM came.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
const sessions = new Set();
let stopping = false;

const server = createSecureServer(
  { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') },
  async (_request, response) => {
    await sleep(workMs);
    response.end('done\n');
  },
);
server.on('session', (session) => {
  if (stopping) return session.close();
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  // Before Node 24 the server's own `close` leaves the sessions open, and waits for them for ever.
  for (const session of sessions) session.close();
});
