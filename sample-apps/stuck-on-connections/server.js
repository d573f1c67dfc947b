// Looks right: stop accepting, wait, exit. But `close` waits for every kept-alive connection too,
// and a client that goes on sending on its own keeps the process alive for ever.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const server = createServer(async (_request, response) => {
  await sleep(200);
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', () => server.close(() => process.exit(0)));
