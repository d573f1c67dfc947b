// Drains on SIGTERM, and takes a second one for impatience, as many do: it exits at once.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

let stopping = false;

const server = createServer(async (_request, response) => {
  await sleep(2000);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', () => {
  if (stopping) process.exit(1);
  stopping = true;
  server.close(() => process.exit(0));
});
