// The event streams kept it from ever exiting, so somebody set a deadline: requests have a second to finish, and the
// streams are cut in the middle. The exit code looks clean.
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
  setTimeout(() => process.exit(0), 1000);
});
