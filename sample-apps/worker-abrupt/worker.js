// A worker without a port and without a handler. Behind an init SIGTERM ends it at once, in the midst of its jobs.
import { setTimeout as sleep } from 'node:timers/promises';

let nextJob = 1;

async function work() {
  for (;;) {
    const job = nextJob++;
    console.log(`job ${job} begins`);
    await sleep(600);
    console.log(`job ${job} done`);
  }
}

await Promise.all([work(), sleep(300).then(work)]);
