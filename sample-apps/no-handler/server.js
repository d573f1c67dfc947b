// No handler for SIGTERM: as PID 1 it never notices, behind an init it dies at once.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

createServer(async (_request, response) => {
  await sleep(200);
  response.end('done\n');
}).listen(3000);
