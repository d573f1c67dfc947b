// A worker without a port: takes job after job, two at a time. Right: on SIGTERM it takes no new one, finishes those it
// has, and exits 0 because nothing keeps it.
import { setTimeout as sleep } from 'node:timers/promises';

let stopping = false;
let nextJob = 1;

process.on('SIGTERM', () => {
  stopping = true;
});

async function work() {
  while (!stopping) {
    const job = nextJob++;
    console.log(`job ${job} begins`);
    await sleep(600);
    console.log(`job ${job} done`);
  }
}

await Promise.all([work(), sleep(300).then(work)]);
console.log('no more jobs');
