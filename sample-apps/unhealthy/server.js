// Every fifth response is an error, long before anybody stops it; the stop itself is handled well.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

let count = 0;
let stopping = false;

const server = createServer(async (_request, response) => {
  count += 1;
  response.statusCode = count % 5 === 0 ? 500 : 200;
  await sleep(200);
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});
