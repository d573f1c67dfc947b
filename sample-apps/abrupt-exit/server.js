// Exits at once on SIGTERM, whatever it was answering; the exit code looks clean.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

createServer(async (_request, response) => {
  await sleep(200);
  response.end('done\n');
}).listen(3000);

process.on('SIGTERM', () => process.exit(0));
