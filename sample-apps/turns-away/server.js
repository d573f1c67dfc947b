// On SIGTERM it turns away what it was working on with 503, as some frameworks do that only know "ready" and "not ready",
// and exits 0 once that is out.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
const stopping = new AbortController();

const server = createServer(async (_request, response) => {
  const isDone = await sleep(workMs, true, { signal: stopping.signal }).catch(() => false);
  if (!isDone) response.writeHead(503, { Connection: 'close' });
  response.end(isDone ? 'done\n' : 'going down\n');
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping.abort();
  server.close(() => process.exit(0));
});
