// An ordinary drain: on SIGTERM it takes no new connections, answers what it has, and exits 0 when all are gone.
// WORK_MS is how long an answer takes; with CONNECTION=close every answer ends its connection.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS);
const endsConnections = process.env.CONNECTION === 'close';
let stopping = false;

const server = createServer(async (_request, response) => {
  await sleep(workMs);
  if (stopping || endsConnections) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});
