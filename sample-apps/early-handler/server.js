// The same start-up, with a handler from the first line on: told to stop while it migrates, it exits at the next chance.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

console.log('migrating');
await sleep(8000, undefined, { signal: stop.signal }).catch(() => {
  console.log('told to stop while migrating');
  process.exit(0);
});

const server = createServer(async (_request, response) => {
  await sleep(200);
  response.end('done\n');
});
server.listen(3000, () => console.log('listening'));

stop.signal.addEventListener('abort', () => server.close(() => process.exit(0)));
