// Right: on SIGTERM it takes no new connections and sends every session a GOAWAY (`close` does), so that clients open
// no more streams on it. The streams it has are answered, the sessions end with the last of them, and it exits 0.
import { createServer } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
const sessions = new Set();

const server = createServer(async (_request, response) => {
  await sleep(workMs);
  response.end('done\n');
});
server.on('session', (session) => {
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
});
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  // Before Node 24 the server's own `close` leaves the sessions open, and waits for them for ever.
  for (const session of sessions) session.close();
});
