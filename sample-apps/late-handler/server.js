// Migrates its database for eight seconds before it listens, and only then installs its handler: a SIGTERM that comes
// meanwhile is lost, and the app serves on until SIGKILL.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

console.log('migrating');
await sleep(8000);

const server = createServer(async (_request, response) => {
  await sleep(200);
  response.end('done\n');
});
server.listen(3000, () => console.log('listening'));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
