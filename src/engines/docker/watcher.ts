/**
 * A program of its own: `node watcher.js RUN_ID`, the other end of its stdin held by a run. When that end closes
 * without the line `done` before it, the run was killed without a chance to clean up, and this removes its containers
 * and its kernel traces, and ends the children that it told of (`child PID`, `ended PID`), such as a build under way.
 * The engine's address comes in DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A call to create a container may still be under way in the engine when its caller dies: look more than once. */
const LOOKS = 4;
const LOOK_EVERY_MS = 700;

// Ctrl-C and a closing terminal are for the run. Whether it then cleans up is what this waits to see.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const runId = process.argv[2];
if (runId === undefined) throw new Error('usage: watcher RUN_ID');

const children = new Set<number>();
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const [word, pid] = line.split(' ');
  if (word === 'done') process.exit(0);
  if (word === 'child') children.add(Number(pid));
  if (word === 'ended') children.delete(Number(pid));
});
input.on('close', () => {
  for (const pid of children) end(pid);
  void removeAll(runId);
});

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

async function removeAll(run: string): Promise<void> {
  // Loaded only now: while there is nothing to do, this program should cost next to nothing.
  const [{ default: Docker }, { dockerodeOptions, namedAddress }, { removeRun }, kernel] = await Promise.all([
    import('dockerode'),
    import('./address.ts'),
    import('./sweep.ts'),
    import('../../witness/kernel/sweep.ts'),
  ]);
  const address = namedAddress(process.env);
  if (address === null) throw new Error('DOCKER_HOST is not set');
  const dockerode = new Docker(dockerodeOptions(address));
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(LOOK_EVERY_MS);
    await kernel.removeOrphanedInstances();
    await removeRun(dockerode, run).catch(() => 0);
  }
  process.exit(0);
}
