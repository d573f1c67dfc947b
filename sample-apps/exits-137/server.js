// Drains as it should, then exits with the code that everybody takes for a SIGKILL.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

let stopping = false;

const server = createServer(async (_request, response) => {
  await sleep(200);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(137));
});
