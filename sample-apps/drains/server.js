// Right: on SIGTERM it takes no new connections, answers what it has, tells clients that keep their connection
// to leave, and exits 0 when all are gone. WORK_MS is how long an answer takes, BURN_MS how much of that is CPU.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
const burnMs = Number(process.env.BURN_MS ?? 0);
let stopping = false;

const server = createServer(async (_request, response) => {
  burn(burnMs);
  if (workMs > 0) await sleep(workMs);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});

function burn(ms) {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
