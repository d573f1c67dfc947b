// Right: on SIGTERM it ends the event streams itself, then waits for the requests that end by themselves. A stream's
// connection ends with it (`Connection: close`); clients connect anew, to whoever serves then.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
const streams = new Set();
let stopping = false;

const server = createServer(async (request, response) => {
  if (request.url === '/events') return openStream(response);
  await sleep(workMs);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

function openStream(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', Connection: 'close' });
  response.write('data: hello\n\n');
  if (stopping) return response.end();
  const timer = setInterval(() => response.write('data: tick\n\n'), 500);
  streams.add(response);
  response.on('close', () => {
    clearInterval(timer);
    streams.delete(response);
  });
}

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  for (const stream of streams) stream.end();
});
