// `/` takes 300 ms, `/report` 40 s. On SIGTERM it takes nothing new and gives both up to 45 s to finish.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const DRAIN_MS = 45_000;
let stopping = false;

const server = createServer(async (request, response) => {
  await sleep(request.url === '/report' ? 40_000 : 300);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.once('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  setTimeout(() => {
    server.closeAllConnections();
    process.exit(1);
  }, DRAIN_MS);
});
