// Exits at once on SIGTERM, whatever it was answering; the exit code looks clean.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);

createServer(async (_request, response) => {
  await sleep(workMs);
  response.end('done\n');
}).listen(3000);

process.on('SIGTERM', () => process.exit(0));
