// Answers what it had when SIGTERM came, but goes on accepting for the three seconds that a job of its own
// takes, and cuts whatever comes in that time instead of refusing it.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

let stopping = false;

const server = createServer(async (request, response) => {
  if (stopping) return request.socket.destroy();
  await sleep(200);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', async () => {
  stopping = true;
  await sleep(3000);
  server.close();
  // What it cuts is cut well before the exit, not by it.
  await sleep(500);
  process.exit(0);
});
