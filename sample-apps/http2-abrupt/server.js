// Wants to be gone quickly: instead of waiting for its sessions it destroys them, with every stream that they were
// answering. The exit code looks clean.
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
  for (const session of sessions) session.destroy();
  process.exit(0);
});
