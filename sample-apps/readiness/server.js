// It goes on serving for LINGER_MS after SIGTERM, for those who have not heard yet, and drains then. GET /drain, for a
// preStop hook, takes as long as DRAIN_MS and says 503 on /ready from then on; TURNS=signal does so on SIGTERM, TURNS=never
// at no time.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const {
  TURNS: turns = 'drain',
  WORK_MS: workMs = '300',
  LINGER_MS: lingerMs = '0',
  DRAIN_MS: drainMs = '0',
} = process.env;
let isReady = true;

const server = createServer(async (request, response) => {
  if (request.url === '/ready') return response.writeHead(isReady ? 200 : 503).end();
  if (request.url === '/drain') {
    if (turns === 'drain') isReady = false;
    await sleep(Number(drainMs));
    return response.end('draining\n');
  }
  await sleep(Number(workMs));
  if (!server.listening) response.setHeader('Connection', 'close');
  response.end('done\n');
});
server.listen(3000);

process.on('SIGTERM', async () => {
  if (turns === 'signal') isReady = false;
  await sleep(Number(lingerMs));
  server.close(() => process.exit(0));
});
