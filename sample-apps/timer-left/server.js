// Closes the listener, answers what it has, and after a second closes every connection that is left. Then it should end
// by itself, as there is nothing left to do; but the timer that reports the figures every ten seconds is still there.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

let answered = 0;
let isStopping = false;

const server = createServer(async (_request, response) => {
  await sleep(200);
  if (isStopping) response.setHeader('Connection', 'close');
  response.end('done\n');
  answered += 1;
});
server.listen(3000);

setInterval(() => console.log(`answered ${answered}`), 10_000);

process.on('SIGTERM', () => {
  isStopping = true;
  server.close();
  setTimeout(() => server.closeAllConnections(), 1000);
});
