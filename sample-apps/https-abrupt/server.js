// Exits at once on SIGTERM: the TLS sessions end without a word, and what they were answering is lost.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);

createServer({ key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }, async (_request, response) => {
  await sleep(workMs);
  response.end('done\n');
}).listen(3000);

process.on('SIGTERM', () => process.exit(0));
