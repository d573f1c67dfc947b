import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { finish } from './finish.ts';

const POLL_MS = 5;

/** What is run, and for how long it is left alone before its stop. */
export interface ByHand {
  /** Listens on port 3000. */
  readonly image: string;
  readonly env: string;
  readonly warmupMs: number;
}

/** What a run cannot do without: a container that answers, the warm-up, a stop with a request in flight, the removal. */
export async function runByHand({ image, env, warmupMs }: ByHand, abort: AbortSignal): Promise<void> {
  const port = await freePort();
  const name = `shutdown-check-by-hand-${process.pid}`;
  try {
    await docker(
      ['run', '--detach', '--name', name, '--publish', `127.0.0.1:${port}:3000`, '--env', env, image],
      abort,
    );
    await untilAnswered(port, abort);
    await delay(warmupMs, undefined, { signal: abort });
    const inFlight = untilAnswered(port, abort);
    await docker(['stop', name], abort);
    await inFlight;
    await docker(['rm', name], abort);
  } catch (error) {
    await finish('docker', ['rm', '--force', name]);
    throw error;
  }
}

async function docker(args: readonly string[], abort: AbortSignal): Promise<void> {
  const exitCode = await finish('docker', args, abort);
  if (exitCode !== 0) throw new Error(`\`docker ${args.join(' ')}\` ended with exit code ${exitCode}.`);
}

/** Asks until there is a whole answer. Until the app listens, the engine's proxy ends what it takes. */
async function untilAnswered(port: number, abort: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal: abort });
      await response.text();
      return;
    } catch {
      await delay(POLL_MS, undefined, { signal: abort });
    }
  }
}

/** Known before the container starts, so that nobody has to ask the engine. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
