// On SIGTERM it gathers memory, outside the JavaScript heap, until the kernel ends it. Run it with a memory limit.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

createServer(async (_request, response) => {
  await sleep(200);
  response.end('done\n');
}).listen(3000);

process.on('SIGTERM', () => {
  const kept = [];
  for (;;) kept.push(Buffer.alloc(16 * 1024 * 1024, 1));
});
