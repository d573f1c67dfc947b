// A cluster whose workers drain when they are told to. The primary passes the signal on and goes when they have gone.
// LEAVES=primary: it goes at once, while they are still answering. LEAVES=workers: they do. WORK_MS is how long an
// answer takes.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const leaves = process.env.LEAVES;
const workMs = Number(process.env.WORK_MS ?? 200);

if (cluster.isPrimary) lead();
else serve();

function lead() {
  cluster.fork();
  cluster.fork();
  // A connection that was being handed to a worker when that left would keep the primary.
  cluster.on('exit', () => {
    if (Object.keys(cluster.workers).length === 0) process.exit(0);
  });
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
    if (leaves === 'primary') process.exit(0);
  });
}

function serve() {
  let stopping = false;
  const server = createServer(async (_request, response) => {
    await sleep(workMs);
    if (stopping) response.setHeader('Connection', 'close');
    response.end('done\n');
  });
  server.listen(3000);
  process.on('SIGTERM', () => {
    if (leaves === 'workers') process.exit(0);
    stopping = true;
    server.close(() => process.exit(0));
  });
}
