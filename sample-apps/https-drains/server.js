// Right, with TLS of its own: on SIGTERM it takes no new connections, answers what it has, and exits 0.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
let stopping = false;

const server = createServer(
  { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') },
  async (_request, response) => {
    await sleep(workMs);
    if (stopping) response.setHeader('Connection', 'close');
    response.end('done\n');
  },
);
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});
