// Right for requests, but `close` waits for the event streams too, and those never end: the first browser that has the
// page open keeps the process alive until SIGKILL.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
let stopping = false;

const server = createServer(async (request, response) => {
  if (request.url === '/events') return openStream(response);
  await sleep(workMs);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

function openStream(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write('data: hello\n\n');
  const timer = setInterval(() => response.write('data: tick\n\n'), 500);
  response.on('close', () => clearInterval(timer));
}

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});
