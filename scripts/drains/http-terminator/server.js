// Drains with http-terminator, which goes on accepting connections until the last answer is given, and destroys them.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { createHttpTerminator } from 'http-terminator';

const workMs = Number(process.env.WORK_MS);

const server = createServer(async (_request, response) => {
  await sleep(workMs);
  response.end('done\n');
});
server.listen(3000);
const terminator = createHttpTerminator({ server });

process.on('SIGTERM', async () => {
  await terminator.terminate();
  process.exit(0);
});
